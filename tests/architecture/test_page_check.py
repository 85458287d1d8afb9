"""The check of every page finds what it should: a good page passes, each planted defect does not."""

import pytest
from flask import Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.web.application import Application
from tests.browser_client import CheckedClient
from tests.page_check import find_faults, header_faults, html_faults

pytestmark = pytest.mark.once

GOOD = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Vragen - Loket</title></head><body>
<h1>Vragen</h1><p id="help">Tekst</p><a href="/sign-in?next=/">Verder</a><a href="#help">Hulp</a>
<form method="post" action="/sign-in"><input type="hidden" name="csrf_token" value="x"><label for="a">A</label>
<input id="a" name="a" aria-describedby="help"><label>B <input name="b"></label><button>Stuur</button></form></body></html>"""


def test_a_good_page_passes(app: Application) -> None:
    assert html_faults(app, GOOD, is_fragment=False) == []
    assert html_faults(app, "<p>Tekst</p>", is_fragment=True) == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("<p id", "<p><div></p><p id", "not valid"),
        ("<!doctype html>", "", "not valid"),
        ("<h1>Vragen</h1>", "", "one h1"),
        ("<h1>Vragen</h1>", "<h1>Vragen</h1><h1>Twee</h1>", "one h1"),
        ("<h1>Vragen</h1>", "<h1>Anders</h1>", "is not the h1"),
        ('lang="nl"', "", "language"),
        ('<label for="a">A</label>', '<label for="a" id="help">A</label>', "occurs 2 times"),
        ('for="a"', 'for="z"', "has no field"),
        ('<label for="a">A</label>', "", "has no label"),
        ('aria-describedby="help"', 'aria-describedby="nothing"', "not there"),
        ('action="/sign-in"', 'action="/nowhere"', "no route"),
        ('action="/sign-in"', 'action="/catalog"', "no route"),
        ('name="csrf_token" value="x"', 'name="csrf_token" value=""', "csrf_token"),
        ('href="/sign-in?next=/"', 'href="/nowhere"', "no page"),
        ('href="#help"', 'href="#nothing"', "not on the page"),
        ("<button>Stuur</button>", "<button></button>", "without words"),
        ('id="help"', 'id="help" style="color: red"', "inline style"),
        ('id="help"', 'id="help" onclick="x()"', "inline onclick"),
        ("<h1>", "<script>x()</script><h1>", "inline script"),
        ("Tekst", "LocalText(nl='a')", "inside shows"),
        ("Tekst", "None", "inside shows"),
    ],
)
def test_a_planted_defect_is_found(app: Application, right: str, wrong: str, fault: str) -> None:
    assert right in GOOD
    assert any(fault in found for found in html_faults(app, GOOD.replace(right, wrong, 1), is_fragment=False))


def test_a_form_that_changes_something_needs_its_key(app: Application) -> None:
    form = '<form method="post" action="/order/x/drafts"><input type="hidden" name="csrf_token" value="x"><button>A</button></form>'
    assert any("form_key" in fault for fault in html_faults(app, form, is_fragment=True))


def test_missing_headers_are_found() -> None:
    bare = Response("x")
    response = TestResponse([b"x"], "200 OK", bare.headers, None)  # type: ignore[arg-type]  # the request is not looked at
    assert any("Content-Security-Policy" in fault for fault in header_faults(response))


def test_statements_of_a_page_are_counted(client: FlaskClient, statements: list[str]) -> None:
    client.get("/sign-in")
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 1


def test_the_client_of_the_tests_looks(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.view_functions, "people.sign_in", lambda: "<p>no page")
    assert app.test_client_class is CheckedClient
    with pytest.raises(AssertionError, match="one h1"):
        app.test_client().get("/sign-in")
    assert find_faults is not None
