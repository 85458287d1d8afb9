"""A real mail server, and a portal that sends to it."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession

from portal.notifications import smtp
from portal.web.application import Application


class Mailbox:
    """What the server took. `answers` are its next answers after DATA; `drops` counts connections it breaks after DATA."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: list[str] = []
        self.refused_addresses: set[str] = set()
        self.drops = 0

    async def handle_RCPT(  # noqa: N802  the name aiosmtpd calls
        self, _server: SMTP, _session: SmtpSession, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused_addresses:
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802  likewise
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            content: Any = envelope.content
            self.mails.append(message_from_bytes(content, policy=policy.default))
        if self.drops:
            self.drops -= 1
            server.transport.abort()
            await asyncio.sleep(0)
        return answer

    def to(self, address: str) -> list[EmailMessage]:
        """List what one address got."""
        return [mail for mail in self.mails if address in str(mail["To"])]


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
