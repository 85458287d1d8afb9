"""A question to the customer is looked at again, and the customer reminded: by day, not twice, and not when it is answered."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.core.journal import Actor
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.actions.life import answer_question, refuse_task, resume_task, suspend_task
from portal.requests.actions.overdue import remake_overdue
from portal.requests.changing.actions.cancelling import cancel_request
from portal.requests.models import Request, Task
from portal.requests.promises.actions import look_again, remind_customers
from portal.requests.queries import get_request_for_change, list_history
from portal.requests.workflow import NextKind, SuspendReason
from tests.factories import NOW, ZONE, make_person
from tests.requests.promises.conftest import MakePromise, fresh

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
FRIDAY = NOW + 4 * DAY


def task_of(session: Session, asked: Request) -> Task:
    return get_request_for_change(session, asked.id).tasks[0]


@pytest.fixture
def worker(session: Session, asked: Request) -> Person:
    return make_person(session, Role.BACK_OFFICE, department=asked.tasks[0].department)


def ask(session: Session, asked: Request, worker: Person, *, at: datetime, reason: SuspendReason = SuspendReason.CUSTOMER) -> None:
    task, by = task_of(session, asked), Actor(person_id=worker.id)
    suspend_task(session=session, task=task, person=worker, by=by, at=at, zone=ZONE, reason=reason, note="Welke kleur?")
    session.commit()


def told(session: Session, asked: Request, *, at: datetime) -> list[int]:
    """Let the job run, and give the numbers of the reminders until now."""
    remind_customers(session=session, at=at, zone=ZONE)
    look_again(session=session, at=at, zone=ZONE)
    session.commit()
    session.expire_all()
    return [one.data["number"] for one in list_history(session, asked) if one.type == "question_reminded"]


def test_the_customer_is_reminded_three_times_in_working_hours(session: Session, asked: Request, worker: Person) -> None:
    ask(session, asked, worker, at=FRIDAY)
    # Two working days after Friday at ten is Tuesday at ten, and so on.
    assert fresh(session, asked).next_moment_at == FRIDAY + 4 * DAY
    assert told(session, asked, at=FRIDAY + 4 * DAY - MINUTE) == []
    for number, days in enumerate((4, 6, 10, 12), start=1):
        for _turn in range(2):
            assert told(session, asked, at=FRIDAY + days * DAY) == [1, 2, 3][:number]
        assert fresh(session, asked).next_kind is NextKind.QUESTION
        assert (fresh(session, asked).next_moment_at or FRIDAY) > FRIDAY + days * DAY
    text = next(one.data["text"] for one in list_history(session, asked) if one.type == "question_reminded")
    assert text == "Welke kleur?"


def test_a_job_that_runs_late_reminds_once_when_somebody_works(session: Session, asked: Request, worker: Person) -> None:
    ask(session, asked, worker, at=NOW)
    assert told(session, asked, at=NOW + 5 * DAY) == [], "a Saturday, after the worker stood still"
    assert told(session, asked, at=NOW + 7 * DAY - 2 * HOUR - MINUTE) == []
    assert told(session, asked, at=NOW + 7 * DAY - 2 * HOUR) == [2], "Monday at eight"
    assert told(session, asked, at=NOW + 7 * DAY + 2 * HOUR) == [2]
    assert told(session, asked, at=NOW + 8 * DAY) == [2, 3]


def test_what_happens_meanwhile_takes_no_reminder_away(session: Session, asked: Request, worker: Person, promise: MakePromise) -> None:
    ask(session, asked, worker, at=NOW)
    promise(due_at=NOW + 9 * DAY)
    remake_overdue(session=session, at=NOW + 2 * DAY, zone=ZONE)
    assert told(session, asked, at=NOW + 2 * DAY) == [1]
    assert fresh(session, asked).next_kind is NextKind.PROMISE


@pytest.mark.parametrize("how", ["answer", "resume", "refuse", "cancel"])
def test_who_is_not_waited_for_any_more_is_not_reminded(session: Session, asked: Request, asker: Person, worker: Person, how: str) -> None:
    ask(session, asked, worker, at=NOW)
    task = task_of(session, asked)
    common = {"session": session, "by": Actor(), "at": NOW + HOUR, "zone": ZONE}
    if how == "answer":
        answer_question(**common, task=task, person=asker, text="Blauw.")  # type: ignore[arg-type]
    elif how == "resume":
        resume_task(**common, task=task, person=worker)  # type: ignore[arg-type]
    elif how == "refuse":
        refuse_task(**common, task=task, person=worker, reason="Kan niet.")  # type: ignore[arg-type]
    else:
        desk = make_person(session, Role.SERVICE_DESK)
        cancel_request(**common, request=task.request, person=desk, reason="Toch niet.", with_begun=True)  # type: ignore[arg-type]
    assert task.remind_at is None
    assert told(session, asked, at=NOW + 2 * DAY) == []


def test_who_waits_for_a_supplier_reminds_nobody(session: Session, asked: Request, worker: Person) -> None:
    ask(session, asked, worker, at=NOW, reason=SuspendReason.SUPPLIER)
    assert told(session, asked, at=NOW + 2 * DAY) == []


def test_a_second_question_begins_anew(session: Session, asked: Request, asker: Person, worker: Person) -> None:
    ask(session, asked, worker, at=NOW)
    assert told(session, asked, at=NOW + 2 * DAY) == [1]
    task = task_of(session, asked)
    answer_question(session=session, task=task, person=asker, by=Actor(), at=NOW + 3 * DAY, zone=ZONE, text="Blauw.")
    ask(session, asked, worker, at=NOW + 4 * DAY)
    assert told(session, asked, at=NOW + 7 * DAY) == [1]
    assert told(session, asked, at=NOW + 8 * DAY) == [1, 1]


@pytest.mark.parametrize(
    ("asked_at", "reminded_at"),
    [
        (datetime(2027, 3, 26, 9, tzinfo=UTC), datetime(2027, 3, 30, 8, tzinfo=UTC)),
        (datetime(2027, 10, 29, 8, tzinfo=UTC), datetime(2027, 11, 2, 9, tzinfo=UTC)),
    ],
)
def test_over_the_night_that_the_clock_changes_it_stays_at_ten(
    session: Session, asked: Request, worker: Person, asked_at: datetime, reminded_at: datetime
) -> None:
    ask(session, asked, worker, at=asked_at)
    assert told(session, asked, at=reminded_at - MINUTE) == []
    assert told(session, asked, at=reminded_at) == [1]


def test_a_moment_that_passed_without_a_question_makes_way(session: Session, asked: Request) -> None:
    asked.next_moment_at, asked.next_kind = NOW, NextKind.QUESTION
    session.commit()
    assert told(session, asked, at=NOW) == []
    assert fresh(session, asked).next_kind is NextKind.EXPECTED
