"""What goes wrong: each failure has its status, a page with a way on, and nothing is half saved."""

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, make_url

from portal.core.db import db, transaction
from portal.people.actions import PersonDetails, save_person
from portal.web.application import Application
from tests.applications import make_app, running
from tests.web.conftest import plant


def count(app: Application) -> int:
    answer = app.test_client().get("/planted/reads").get_json()
    return int(answer["departments"])


def sign_in(app: Application) -> None:
    with app.app_context(), transaction() as session:
        details = PersonDetails(
            username="noor", name="Noor", email="", phone="", function=None, department=None, location=None, language="nl", roles=()
        )
        save_person(session=session, details=details, password="geheim")


@pytest.mark.parametrize("is_signed_in", [False, True])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("kind", "status"),
    [("missing", 404), ("forbidden", 403), ("overtaken", 409), ("unknown-conflict", 409), ("often", 429), ("crash", 500), ("teapot", 503)],
)
def test_each_failure_has_its_page(planted: Application, kind: str, status: int, method: str, *, is_signed_in: bool) -> None:
    client = planted.test_client()
    if is_signed_in:
        sign_in(planted)
        assert client.post("/sign-in", data={"username": "noor", "password": "geheim"}).status_code == 303
    answer = client.open(f"/planted/fail/{kind}", method=method)
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert "secret" not in answer.text


def test_a_limit_says_how_long_to_wait(planted: Application) -> None:
    answer = planted.test_client().get("/planted/fail/often")
    assert answer.headers["Retry-After"] == "90"
    assert "2 minut" in answer.text


def test_a_conflict_says_what_happened(planted: Application) -> None:
    texts = [planted.test_client().get(f"/planted/fail/{kind}").text for kind in ("overtaken", "unknown-conflict")]
    assert texts[0] != texts[1]


@pytest.mark.parametrize(
    ("address", "status"), [("/nowhere", 404), ("/requests/", 404), ("/planted/rows/-1", 404), ("/planted/rows/2147483648", 404)]
)
def test_an_unknown_address_is_a_proper_page(planted: Application, address: str, status: int) -> None:
    assert planted.test_client().get(address).status_code == status


def test_the_largest_key_of_a_row_is_an_address(planted: Application) -> None:
    assert planted.test_client().get("/planted/rows/2147483647").get_json() == {"row": 2147483647}


def test_a_wrong_method_says_which_is_right(planted: Application) -> None:
    answer = planted.test_client().get("/planted/save")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_too_much_is_refused(planted: Application) -> None:
    assert planted.test_client().post("/planted/save", data={"text": "x" * 1_100_000}).status_code == 413
    assert count(planted) == 0


@pytest.mark.parametrize("address", ["/planted/reads?a=%00", "/planted/rows/1%00", "/nowhere%00"])
def test_a_nul_in_an_address_is_refused(planted: Application, address: str) -> None:
    assert planted.test_client().get(address).status_code == 400


def test_a_nul_in_a_form_is_refused(planted: Application) -> None:
    assert planted.test_client().post("/sign-in", data={"username": "a\0b", "password": "x"}).status_code == 400
    assert planted.test_client().post("/planted/save", data={"form_key": "\0"}).status_code == 400


def test_a_get_that_writes_fails(planted: Application, caplog: pytest.LogCaptureFixture) -> None:
    assert planted.test_client().get("/planted/writes").status_code == 500
    assert "WriteInReadOnlyError" in caplog.text
    assert count(planted) == 0


def test_a_post_that_ends_well_commits(planted: Application) -> None:
    assert planted.test_client().post("/planted/save").status_code == 303
    assert count(planted) == 1


def test_a_post_that_does_not_rolls_back(planted: Application) -> None:
    client = planted.test_client()
    assert client.post("/planted/wrong").status_code == 422
    for kind in ("missing", "overtaken", "crash"):
        client.post(f"/planted/fail/{kind}")
    assert count(planted) == 0


def test_a_form_without_its_token_changes_nothing(planted: Application) -> None:
    answer = planted.test_client().post("/planted/save", headers={"X-CSRFToken": "", "Accept-Language": "nl"})
    assert (answer.status_code, "<h1>Deze pagina stond te lang open</h1>" in answer.text) == (409, True)
    answer = planted.test_client().post("/planted/save", headers={"X-CSRFToken": "ImFiYyI.abc.def"})
    assert answer.status_code == 409
    assert count(planted) == 0


def test_the_token_of_another_visitor_is_refused(planted: Application) -> None:
    mine, other = planted.test_client(), planted.test_client()
    with other.session_transaction() as cookie:
        cookie["csrf_token"] = "f" * 40
    assert mine.post("/planted/save", headers={"X-CSRFToken": other.forgery_token()}).status_code == 409  # type: ignore[attr-defined]


@pytest.fixture
def locked(tmp_path: Path, planted_table: None) -> Iterator[Application]:
    """Give an application whose SQLite file another program is writing in."""
    del planted_table
    address = f"sqlite:///{tmp_path / 'test.db'}"
    with running(address) as app:
        plant(app)
        with app.app_context():
            event.listen(db.engine, "connect", lambda connection, _entry: connection.execute("PRAGMA busy_timeout=50"))
            db.engine.dispose()
        other = sqlite3.connect(str(make_url(address).database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield app
        other.close()


def test_a_locked_file_is_a_clear_503_and_reading_goes_on(locked: Application, caplog: pytest.LogCaptureFixture) -> None:
    client = locked.test_client()
    answer = client.post("/planted/save")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "locked" in caplog.text
    assert "locked" not in answer.text
    assert client.get("/planted/reads").status_code == 200
    assert client.post("/sign-in", data={"username": "noor", "password": "x"}).status_code == 503


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_database_that_is_away_is_a_clear_503(planted_table: None, caplog: pytest.LogCaptureFixture, method: str) -> None:
    del planted_table
    caplog.set_level(logging.ERROR)
    app = plant(make_app("postgresql+psycopg://nobody@127.0.0.1:9/nothing"))
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "1"
    answer = client.open("/planted/reads" if method == "GET" else "/planted/save", method=method)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/planted/signed-in").status_code == 503
    assert "127.0.0.1" not in answer.text
