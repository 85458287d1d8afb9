"""How did it go: one click, without signing in, kept only by a POST; nobody rates their own work."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.matrix.queries import find_figures
from portal.catalog.models import ProductVersion
from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.core.journal import Actor, JournalEntry
from portal.core.references import derive_code, normal_code
from portal.people.models import Person
from portal.people.queries import get_person
from portal.people.roles import Role
from portal.requests.actions.figures import count_figures
from portal.requests.feedback.actions import make_links, rate_request, token_of
from portal.requests.feedback.models import Rating, RatingLink
from portal.requests.feedback.rules import Door, Score, can_rate
from portal.requests.models import Request
from portal.requests.queries import get_request_for_change
from tests.factories import SECRET, make_person, make_request, sign_in
from tests.requests.feedback.conftest import DONE_AT, Finish

JUST_AFTER = DONE_AT + timedelta(minutes=5)


def rate(session: Session, request: Request, person: Person | None, score: Score = Score.HAPPY, **more: object) -> Rating:
    values = {"at": JUST_AFTER, "door": Door.PAGE, "by": Actor(person_id=person.id if person else None)} | more
    return rate_request(session=session, request=request, person=person, score=score, **values)  # type: ignore[arg-type]


def rated(session: Session) -> list[tuple[str, str, str]]:
    session.expire_all()
    return [(one.score, one.reason, one.door) for one in session.scalars(select(Rating))]


def link_of(session: Session, request: Request) -> str:
    make_links(session=session, request_id=request.id, secret=SECRET)
    return token_of(link=session.scalars(select(RatingLink)).one(), secret=SECRET)


def code_of(request: Request) -> str:
    return normal_code(derive_code(secret=SECRET, seed=request.tracking_seed)) or ""


def test_a_link_shows_the_face_keeps_nothing_and_one_click_keeps_it(client: FlaskClient, session: Session, done: Request) -> None:
    token = link_of(session, done)
    assert len(token) == 32
    assert token not in str([vars(one) for one in session.scalars(select(RatingLink))])
    shown = client.get(f"/rating/{token}?score=unhappy").text
    assert re.search(r'value="unhappy" checked', shown)
    assert not rated(session)
    assert client.get(f"/rating/{token}?score=<x>").status_code == 200
    assert client.post(f"/rating/{token}", data={}).status_code == 422
    answer = client.post(f"/rating/{token}", data={"score": "unhappy"})
    assert (answer.status_code, rated(session)) == (303, [("unhappy", "", "mail")])
    thanks = client.get(answer.location).text
    assert "Dank u wel" in thanks
    assert 'name="reason"' in thanks
    client.post(f"/rating/{token}", data={"score": "happy", "reason": " Toch goed. "})
    client.post(f"/rating/{token}", data={"score": "happy"})
    assert rated(session) == [("happy", "Toch goed.", "mail")]
    kinds = [one.type for one in session.scalars(select(JournalEntry).where(JournalEntry.stream == done.stream))]
    assert kinds.count("request_rated") == 2
    assert "Toch goed" not in str([one.data for one in session.scalars(select(JournalEntry))])


def test_a_link_that_is_wrong_or_old_opens_nothing(client: FlaskClient, session: Session, done: Request, moment: object) -> None:
    token = link_of(session, done)
    wrong = client.get("/rating/" + "x" * 32)
    assert (wrong.status_code, client.post("/rating/nothing", data={"score": "happy"}).status_code) == (404, 404)
    assert "geen antwoord meer" in wrong.text
    moment.move_to(DONE_AT + timedelta(days=31))  # type: ignore[attr-defined]
    assert client.get(f"/rating/{token}").status_code == 404
    assert client.post(f"/rating/{token}", data={"score": "happy"}).status_code == 404
    assert not rated(session)


def test_the_page_of_the_request_asks_its_customer_only(client: FlaskClient, session: Session, done: Request, noor: Person) -> None:
    assert "/sign-in" in client.post(f"/requests/{done.number}/rating", data={"score": "happy"}).location
    other = make_person(session)
    sign_in(client, other)
    assert client.post(f"/requests/{done.number}/rating", data={"score": "happy"}).status_code == 404
    desk = make_person(session, Role.SERVICE_DESK)
    sign_in(client, desk)
    assert "Bent u tevreden?" not in client.get(f"/requests/{done.number}").text
    assert client.post(f"/requests/{done.number}/rating", data={"score": "happy"}).status_code == 403
    sign_in(client, noor)
    assert "Bent u tevreden?" in client.get(f"/requests/{done.number}").text
    assert client.post(f"/requests/{done.number}/rating", data={"score": "neutral"}).status_code == 303
    assert "U zei: het kan beter" in client.get(f"/requests/{done.number}").text
    assert rated(session) == [("neutral", "", "page")]


def test_the_tracking_code_is_enough(client: FlaskClient, session: Session, done: Request) -> None:
    handler_id = done.tasks[0].handler_id or 0
    page = client.get(f"/track/{code_of(done)}").text
    assert page.count('name="score"') == 3
    assert client.post(f"/track/{code_of(done)}/rating", data={"score": "happy"}).status_code == 303
    assert client.post("/track/nothing/rating", data={"score": "happy"}).status_code == 404
    assert rated(session) == [("happy", "", "code")]
    sign_in(client, make_person(session))
    assert "U zei: tevreden" in client.get(f"/track/{code_of(done)}").text
    sign_in(client, get_person(session, handler_id))
    assert client.post(f"/track/{code_of(done)}/rating", data={"score": "unhappy"}).status_code == 403


def test_nobody_rates_their_own_work(session: Session, noor: Person, done: Request, client: FlaskClient) -> None:
    done.tasks[0].handler_id = noor.id
    session.flush()
    make_links(session=session, request_id=done.id, secret=SECRET)
    assert not session.scalars(select(RatingLink)).all()
    for person in (noor, None):
        with pytest.raises(ForbiddenError):
            rate(session, done, person)
    assert 'name="score"' not in client.get(f"/track/{code_of(done)}").text


def test_an_open_request_cannot_be_rated_and_words_are_bounded(session: Session, noor: Person, done: Request) -> None:
    with pytest.raises(InvalidInputError):
        rate(session, done, noor, reason="x" * 2001)
    version = done.product_version
    with pytest.raises(ConflictError):
        rate(session, make_request(session, noor, version), noor)


def test_for_how_long() -> None:
    day = timedelta(days=1)
    assert can_rate(closed_at=DONE_AT, rated_at=None, at=DONE_AT + 30 * day)
    assert not can_rate(closed_at=DONE_AT, rated_at=None, at=DONE_AT + 31 * day)
    assert can_rate(closed_at=DONE_AT, rated_at=DONE_AT + 29 * day, at=DONE_AT + 43 * day)
    assert not can_rate(closed_at=DONE_AT, rated_at=DONE_AT + day, at=DONE_AT + 16 * day)
    assert can_rate(closed_at=DONE_AT, rated_at=DONE_AT - day, at=DONE_AT + 30 * day)


def test_shares_are_counted_from_five_answers_on_and_reasons_have_no_names(
    client: FlaskClient, session: Session, done: Request, finish: Finish
) -> None:
    scores = [Score.HAPPY, Score.HAPPY, Score.UNHAPPY, Score.HAPPY, Score.NEUTRAL]
    version, product_id, shares = done.product_version, done.product_id, []
    for number, score in enumerate(scores):
        person = make_person(session, name=f"Klant Nummer{number}")
        request = make_request(session, person, session.get_one(ProductVersion, version.id))
        finish(request)
        found = get_request_for_change(session, request.id)
        rate(session, found, person, score, reason=f"reden {number}", at=JUST_AFTER + timedelta(minutes=number))
        count_figures(session=session, at=JUST_AFTER)
        session.expire_all()
        figures = find_figures(session, product_id)
        shares.append(figures.share_satisfied if figures else None)
    assert shares == [None, None, None, None, 60]
    sign_in(client, make_person(session, Role.CATALOGUE_MANAGER))
    page = client.get("/insight/satisfaction").text
    assert "60%" in page
    assert page.index("reden 4") < page.index("reden 0")
    assert "Klant Nummer" not in page
    assert "reden 4" in client.get("/insight/satisfaction?product=newcomer").text
    assert "reden 4" not in client.get("/insight/satisfaction?product=other").text


def test_departments_read_what_is_said_of_their_own_products(client: FlaskClient, session: Session, done: Request, noor: Person) -> None:
    rate(session, done, noor, Score.UNHAPPY, reason="Te laat.")
    other, own = (next(task.department for task in done.tasks if task.department.code == code) for code in ("personeel", "ict"))
    for department, is_read in ((other, False), (own, True)):
        sign_in(client, make_person(session, Role.BACK_OFFICE, department=department))
        assert ("Te laat." in client.get("/insight/satisfaction").text) is is_read
    sign_in(client, noor)
    assert client.get("/insight/satisfaction").status_code == 403
