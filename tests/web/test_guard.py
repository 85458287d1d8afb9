"""The guard: what is in the table decides, what is not is closed."""

import pytest
from flask.testing import FlaskClient

from portal.core.db import transaction
from portal.people.actions import PersonDetails, save_person
from portal.people.roles import Role
from portal.web.application import Application
from portal.web.guard import EVERYONE, SIGNED_IN, Access, may_enter

BACK = frozenset({"back_office"})


@pytest.mark.parametrize(
    ("access", "roles", "may"),
    [
        (EVERYONE, None, True),
        (EVERYONE, frozenset(), True),
        (SIGNED_IN, None, False),
        (SIGNED_IN, frozenset(), True),
        (BACK, None, False),
        (BACK, frozenset(), False),
        (BACK, frozenset({"employee"}), False),
        (BACK, frozenset({"employee", "back_office"}), True),
        (frozenset(), frozenset({"administrator"}), False),
        (None, frozenset({"administrator"}), False),
        (None, None, False),
    ],
)
def test_who_may_enter(access: Access | None, roles: frozenset[str] | None, *, may: bool) -> None:
    assert may_enter(access, roles) is may


def client_with(app: Application, *roles: Role) -> FlaskClient:
    with app.app_context(), transaction() as session:
        details = PersonDetails(
            username="noor",
            name="Noor",
            email="",
            phone="",
            function=None,
            department=None,
            location=None,
            language="nl",
            roles=[(role, None) for role in roles],
        )
        save_person(session=session, details=details, password="geheim")
    client = app.test_client()
    assert client.post("/sign-in", data={"username": "noor", "password": "geheim"}).status_code == 303
    return client


def test_a_visitor_signs_in_first_and_comes_back(planted: Application) -> None:
    answer = planted.test_client().get("/planted/back-office?page=2")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/planted/back-office?page%3D2")


def test_who_is_not_signed_in_any_more_hears_that_nothing_was_saved(planted: Application) -> None:
    client = planted.test_client()
    assert "is niet opgeslagen" not in client.get("/sign-in", headers={"Accept-Language": "nl"}).text
    answer = client.post("/account/deputy", headers={"Accept-Language": "nl"}, follow_redirects=True)
    assert (answer.request.path, "is niet opgeslagen" in answer.text) == ("/sign-in", True)


def test_the_wrong_role_is_refused(planted: Application) -> None:
    client = client_with(planted, Role.EMPLOYEE, Role.ADMINISTRATOR)
    assert client.get("/planted/signed-in").status_code == 200
    assert client.get("/planted/back-office").status_code == 403


def test_the_right_role_enters(planted: Application) -> None:
    assert client_with(planted, Role.BACK_OFFICE).get("/planted/back-office").status_code == 200


def test_what_is_in_no_table_is_closed_to_all(planted: Application) -> None:
    client = client_with(planted, *Role)
    assert client.get("/planted/in-no-table").status_code == 403
    assert client.get("/planted/for-nobody").status_code == 403
    assert planted.test_client().get("/planted/in-no-table").status_code == 303
