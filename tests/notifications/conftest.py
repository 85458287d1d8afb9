"""A real mail server, and a portal that sends to it."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from portal.notifications import smtp
from portal.web.application import Application
from tests.mailbox import Mailbox


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    """Run a mail server; give what it takes and its port."""
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@pytest.fixture
def hung_port() -> Iterator[int]:
    """Give the port of a server that takes connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(20)
        yield server.getsockname()[1]


@pytest.fixture
def set_mail(committed_app: Application, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Application]:
    """Give a function that sets the mail server of the portal, with a base address of its own and a short patience."""
    monkeypatch.setattr(smtp, "TIMEOUT", 1.0)

    def set_to(port: int | None, **more: Any) -> Application:
        settings = replace(committed_app.settings, mail_host="127.0.0.1" if port else "", mail_port=port or 25, **more)
        monkeypatch.setattr(committed_app, "settings", settings)
        return committed_app

    return set_to
