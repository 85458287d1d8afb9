"""What a customer reads about a request, and who may read it."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.models import Request
from tests.factories import make_person, sign_in


def test_the_list_shows_what_runs_with_its_date(client: FlaskClient, asker: Person, asked: Request) -> None:
    sign_in(client, asker)
    answer = client.get("/requests")
    assert "product newcomer" in answer.text
    assert asked.number in answer.text
    assert "Bas Begunstigde" in answer.text


def test_an_empty_list_says_what_to_do(client: FlaskClient, session: Session) -> None:
    sign_in(client, make_person(session))
    assert 'href="/catalog"' in client.get("/requests").text
    assert client.get("/requests?state=closed").status_code == 200


def test_the_page_of_a_request_says_where_it_stands_and_why(client: FlaskClient, asker: Person, asked: Request) -> None:
    sign_in(client, asker)
    answer = client.get(f"/requests/{asked.number}")
    for words in ("record", "account", "laptop", "personeel", "Bas Begunstigde", "Mirjam Aanvrager"):
        assert words in answer.text
    assert answer.text.count('<li class="timeline__entry') == 3
    assert "/track/" in answer.text


def test_another_person_does_not_find_it(client: FlaskClient, session: Session, asked: Request) -> None:
    sign_in(client, make_person(session, name="Iemand Anders"))
    assert client.get(f"/requests/{asked.number}").status_code == 404
    assert client.get(f"/requests/{asked.number}/confirmation").status_code == 404
    assert client.post(f"/requests/{asked.number}/cancellation", data={"reason": "No.", "form_key": "a"}).status_code == 404


def test_who_is_not_signed_in_is_asked_to(client: FlaskClient, asked: Request) -> None:
    for path in ("/requests", f"/requests/{asked.number}", f"/requests/{asked.number}/confirmation"):
        answer = client.get(path)
        assert answer.status_code == 303
        assert "/sign-in" in answer.headers["Location"]


def test_the_confirmation_gives_number_code_and_date(client: FlaskClient, asker: Person, asked: Request) -> None:
    sign_in(client, asker)
    answer = client.get(f"/requests/{asked.number}/confirmation")
    assert asked.number in answer.text
    assert "tracking-code" in answer.text


def test_only_who_may_see_all_can_look_at_all(client: FlaskClient, session: Session, asked: Request) -> None:
    sign_in(client, make_person(session))
    assert asked.number not in client.get("/requests?scope=all").text
    sign_in(client, make_person(session, Role.COORDINATOR))
    assert asked.number in client.get("/requests?scope=all").text


def test_a_department_sees_the_plan_but_not_the_code(client: FlaskClient, session: Session, asked: Request) -> None:
    department = asked.tasks[0].department
    sign_in(client, make_person(session, Role.BACK_OFFICE, department=department))
    answer = client.get(f"/requests/{asked.number}")
    assert answer.status_code == 200
    assert "/track/" not in answer.text.split("</header>")[1]


def test_numbers_that_are_none_are_not_found(client: FlaskClient, asker: Person, asked: Request) -> None:
    del asked
    sign_in(client, asker)
    for number in ("A-2026-999999", "A-2025-000001", "x", "A-2026-000001x", "1" * 30):
        assert client.get(f"/requests/{number}").status_code == 404
