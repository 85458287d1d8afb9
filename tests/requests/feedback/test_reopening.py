"""What is not right is done again: the same request, a new run of the clock, a new date, and it counts once."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.errors import ConflictError, ForbiddenError, IllegalTransitionError, InvalidInputError
from portal.core.journal import Actor, JournalEntry
from portal.insight.actions import count_dates
from portal.insight.models import DateFigure
from portal.people.models import Person
from portal.people.roles import Role
from portal.planning.models import Duration
from portal.requests.actions.reopening import reopen_request
from portal.requests.feedback.actions import make_links, rate_request, token_of
from portal.requests.feedback.models import RatingLink
from portal.requests.feedback.rules import Door, Score
from portal.requests.models import Request
from portal.requests.queries import get_request_for_change
from portal.requests.talk.queries import list_hearers
from portal.requests.workflow import RequestState, TaskState, TaskStep, check
from tests.factories import SECRET, ZONE, make_person, sign_in
from tests.requests.feedback.conftest import DONE_AT, Finish

AT = DONE_AT + timedelta(days=1)


def reopen(session: Session, request: Request, person: Person, **more: object) -> Request:
    values = {"at": AT, "reason": "Het scherm is kapot."} | more
    found = get_request_for_change(session, request.id)
    reopen_request(session=session, request=found, person=person, by=Actor(person_id=person.id), zone=ZONE, **values)  # type: ignore[arg-type]
    session.flush()
    return found


def test_the_chosen_tasks_begin_anew_in_their_order(session: Session, noor: Person, done: Request) -> None:
    _first, second, third = done.tasks
    promised, handlers = done.first_latest_at, [task.handler_id for task in done.tasks]
    found = reopen(session, done, noor, tasks=[second.id, third.id, 999])
    assert [task.state for task in found.tasks] == [TaskState.DONE, TaskState.READY, TaskState.WAITING]
    assert (second.ready_at, second.running_since, second.worked_minutes, second.finished_at) == (AT, AT, 0, None)
    assert second.due_at > AT
    assert third.starts_at >= second.expected_at
    assert (found.state, found.closed_at, found.reopened_at, found.reopened_count) == (RequestState.IN_PROGRESS, None, AT, 1)
    assert found.expected_at >= third.expected_at > AT
    assert (found.first_latest_at, [task.handler_id for task in found.tasks]) == (promised, handlers)
    assert (found.next_moment_at, found.next_kind) == (found.expected_at, "expected")
    told = [one.type for one in session.scalars(select(JournalEntry).where(JournalEntry.stream == done.stream).order_by(JournalEntry.id))]
    assert told[-4:-1] == ["request_reopened", "task_reopened", "task_reopened"] or "request_reopened" in told[-6:]
    assert "dates_changed" in told[-2:]
    assert list_hearers(session, done.id) == sorted({second.handler_id, third.handler_id})


def test_who_does_not_know_gets_the_last_task(session: Session, noor: Person, done: Request) -> None:
    found = reopen(session, done, noor)
    assert [task.state for task in found.tasks] == [TaskState.DONE, TaskState.DONE, TaskState.READY]


def test_who_may_when_and_with_a_reason(session: Session, noor: Person, done: Request) -> None:
    with pytest.raises(InvalidInputError):
        reopen(session, done, noor, reason="  ")
    with pytest.raises(ForbiddenError):
        reopen(session, done, make_person(session, Role.BACK_OFFICE, department=done.tasks[0].department))
    with pytest.raises(ConflictError):
        reopen(session, done, noor, at=DONE_AT + timedelta(days=14, seconds=1))
    reopen(session, done, noor, at=DONE_AT + timedelta(days=14))
    with pytest.raises(ConflictError):
        reopen(session, done, noor)
    with pytest.raises(IllegalTransitionError):
        check(TaskState.REFUSED, TaskStep.REOPEN)


def test_it_counts_once_by_its_last_end_and_mending_teaches_no_durations(
    session: Session, noor: Person, done: Request, finish: Finish
) -> None:
    count_dates(session=session, request_id=done.id, zone=ZONE, closed_at=DONE_AT)
    measured = session.scalar(select(func.count()).select_from(Duration))
    reopen(session, done, noor)
    later = AT + timedelta(days=40)
    finish(done, at=later)
    count_dates(session=session, request_id=done.id, zone=ZONE, closed_at=later)
    session.flush()
    figures = session.scalars(select(DateFigure).where(DateFigure.product_id.is_not(None)).order_by(DateFigure.month)).all()
    assert [(one.month.month, one.cases, one.by_latest) for one in figures] == [(11, 0, 0), (1, 1, 0)]
    assert abs(figures[0].off_days) + abs(figures[0].width_days) < 1e-9
    tasks = session.scalars(select(DateFigure).where(DateFigure.department_id.is_not(None))).all()
    assert sum(one.cases for one in tasks) == len(done.tasks) + 1
    assert session.scalar(select(func.count()).select_from(Duration)) == measured == len(done.tasks)


def test_what_was_said_before_is_asked_again_after_the_last_end(session: Session, noor: Person, done: Request, finish: Finish) -> None:
    def say(score: Score, days: int, reason: str | None = None) -> tuple[Score, str]:
        found = get_request_for_change(session, done.id)
        at = DONE_AT + timedelta(days=days)
        by = Actor(person_id=noor.id)
        rating = rate_request(session=session, request=found, person=noor, by=by, at=at, score=score, door=Door.PAGE, reason=reason)
        return rating.score, rating.reason

    say(Score.UNHAPPY, 0, "Kapot.")
    reopen(session, done, noor)
    with pytest.raises(ConflictError):
        say(Score.HAPPY, 2)
    finish(done, at=DONE_AT + timedelta(days=20))
    assert say(Score.HAPPY, 21) == (Score.HAPPY, "")


def test_unhappy_leads_to_it_from_the_mail_without_signing_in(client: FlaskClient, session: Session, done: Request) -> None:
    make_links(session=session, request_id=done.id, secret=SECRET)
    url = f"/rating/{token_of(link=session.scalars(select(RatingLink)).one(), secret=SECRET)}"
    client.post(url, data={"score": "unhappy"})
    assert f'href="{url}/reopening"' in client.get(url).text
    page = client.get(f"{url}/reopening").text
    assert f"/requests/{done.number}" not in page
    assert page.count('type="checkbox"') == len(done.tasks)
    assert client.post(f"{url}/reopening", data={"reason": ""}).status_code == 422
    answer = client.post(f"{url}/reopening", data={"reason": "Doet het niet.", "task": [str(done.tasks[0].id)]})
    assert answer.location.startswith("/track/")
    followed = client.get(answer.location).text
    assert "is heropend" in followed
    assert "Doet het niet." not in followed
    assert client.get(url).status_code == 200
    assert client.post(f"{url}/reopening", data={"reason": "Nog eens."}).status_code == 409


TITLES = {"nl": "Er is iets niet in orde", "en": "Something is not right"}


@pytest.mark.parametrize("language", TITLES)
def test_the_page_of_the_request_leads_to_it(client: FlaskClient, session: Session, done: Request, noor: Person, language: str) -> None:
    url = f"/requests/{done.number}/reopening"
    assert "/sign-in" in client.get(url).location
    assert client.post("/rating/nothing/reopening", data={"reason": "x"}).status_code == 404
    sign_in(client, make_person(session))
    assert client.post(url, data={"reason": "x"}).status_code == 404
    noor.language = language
    session.flush()
    sign_in(client, noor)
    assert url in client.get(f"/requests/{done.number}").text
    page = client.get(url).text
    assert (TITLES[language] in page, f'href="/requests/{done.number}"' in page) == (True, True)
    assert client.post(url, data={"reason": "Het is stuk."}).location == f"/requests/{done.number}"
    page = client.get(f"/requests/{done.number}").text
    assert "Het is stuk." in page
    assert url not in page


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.booleans(), st.sets(st.integers(0, 2))), min_size=1, max_size=5))
def test_an_open_request_always_has_a_next_moment(
    session: Session, noor: Person, done: Request, finish: Finish, steps: list[tuple[bool, set[int]]]
) -> None:
    nested, at = session.begin_nested(), AT
    for finishes, places in steps:
        found = get_request_for_change(session, done.id)
        if found.closed_at is not None:
            found = reopen(session, done, noor, tasks=[found.tasks[place].id for place in places], at=at)
        elif finishes:
            finish(done, at=at)
        at += timedelta(hours=5)
        session.flush()
        assert (found.next_moment_at is None) == (found.closed_at is not None)
        assert found.next_moment_at is None or found.next_moment_at > found.submitted_at
    nested.rollback()
    session.expire_all()
