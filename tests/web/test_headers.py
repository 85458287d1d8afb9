"""Headers: on every answer, whatever it is."""

import pytest

from portal.settings import Settings
from portal.web.application import Application
from portal.web.headers import CONTENT_POLICY, HEADERS


@pytest.mark.parametrize(
    "address", ["/sign-in", "/nowhere", "/planted/save", "/planted/fail/crash", "/planted/reads", "/planted/back-office"]
)
def test_every_answer_carries_them(planted: Application, address: str) -> None:
    answer = planted.test_client().get(address)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    if answer.mimetype == "text/html":
        assert answer.headers["Cache-Control"] == "no-store"
        assert "HX-Request" in answer.headers["Vary"]


def test_the_policy_allows_nothing_unsafe() -> None:
    assert "unsafe" not in CONTENT_POLICY
    for part in ("default-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "object-src 'none'"):
        assert part in CONTENT_POLICY.split("; ")


def test_the_session_cookie_is_closed_to_scripts_and_other_sites(planted: Application) -> None:
    cookie = planted.test_client().post("/language", data={"language": "en"}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_https_is_kept(tmp_path_factory: pytest.TempPathFactory) -> None:
    from portal.app import create_app  # noqa: PLC0415  only here

    app = create_app(Settings(base_url="https://loket.example", database_url=f"sqlite:///{tmp_path_factory.mktemp('https') / 'a.db'}"))
    answer = app.test_client().get("/nowhere")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert app.config["SESSION_COOKIE_SECURE"]
