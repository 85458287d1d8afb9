"""The same form sent twice is carried out once, also when both arrive at the same moment."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask, redirect, request
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal import access
from portal.core.db import db
from portal.core.errors import ConflictError
from portal.core.idempotency import FormKey, claim_form_key, delete_form_keys, remember_location
from portal.core.queue import Job, enqueue
from portal.web.application import Application
from portal.web.guard import EVERYONE
from tests.browser_client import CheckedClient

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_key_is_taken_once_and_leads_where_it_led(session: Session) -> None:
    assert claim_form_key(session, key="k", fingerprint="f", at=NOW) is None
    remember_location(session, key="k", location="/requests/1")
    assert claim_form_key(session, key="k", fingerprint="f", at=NOW) == "/requests/1"
    with pytest.raises(ConflictError):
        claim_form_key(session, key="k", fingerprint="other", at=NOW)
    delete_form_keys(session, before=NOW + timedelta(seconds=1))
    assert claim_form_key(session, key="k", fingerprint="other", at=NOW) is None


@pytest.fixture(scope="module")
def counting_route() -> Iterator[None]:
    """Open one address that changes something, on applications made by `planted`."""
    patched = pytest.MonkeyPatch()
    patched.setitem(access.ACCESS, "count", EVERYONE)  # type: ignore[arg-type]  # the table is a dict
    yield
    patched.undo()


@pytest.fixture
def counting_app(committed_app: Application, counting_route: None) -> Application:
    del counting_route
    plant(committed_app)
    return committed_app


def plant(app: Flask) -> None:
    def count() -> Response | tuple[str, int]:
        enqueue(db.session(), kind="counted", payload={}, at=NOW)
        if "wrong" in request.form:
            return "<h1>Wrong</h1>", 422
        db.session.flush()
        return redirect(f"/requests/{db.session.scalar(select(func.max(Job.id)))}", 303)

    if "count" not in app.view_functions:
        app._got_first_request = False
        app.add_url_rule("/count", "count", count, methods=["POST"])


def count_jobs(app: Application) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Job)) or 0


def test_a_double_click_is_carried_out_once_and_both_get_the_answer(counting_app: Application) -> None:
    for number in range(5):
        barrier = Barrier(2)

        def send(_: int, key: str = f"key{number}", barrier: Barrier = barrier) -> str:
            client = CheckedClient(counting_app, counting_app.response_class)
            token = client.forgery_token()
            barrier.wait()
            answer = client.post("/count", data={"form_key": key, "text": "a"}, headers={"X-CSRFToken": token})
            assert answer.status_code == 303
            return answer.headers["Location"]

        with ThreadPoolExecutor(2) as pool:
            first, second = pool.map(send, range(2))
        assert first == second
        assert count_jobs(counting_app) == number + 1


def test_the_key_with_another_text_is_a_shown_conflict(counting_app: Application) -> None:
    client = counting_app.test_client()
    assert client.post("/count", data={"form_key": "k", "text": "a"}).status_code == 303
    assert client.post("/count", data={"form_key": "k", "text": "b"}).status_code == 409
    assert count_jobs(counting_app) == 1


def test_a_form_with_errors_leaves_its_key_free(counting_app: Application) -> None:
    client = CheckedClient(counting_app, counting_app.response_class)
    with pytest.raises(AssertionError, match="422"):  # the planted answer is no proper page
        client.post("/count", data={"form_key": "k", "wrong": "1"})
    assert count_jobs(counting_app) == 0
    with counting_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FormKey)) == 0
    assert client.post("/count", data={"form_key": "k", "text": "mended"}).status_code == 303
