"""Tasks that wait for a moment of their own: some time after another task, before the wished date, or after the cut-off."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from portal.catalog.actions import publish_block, publish_product, save_question
from portal.catalog.agreement import Anchor, Offset
from portal.catalog.definition import Dependency, Need, Privacy, Question, QuestionKind
from portal.catalog.memory import block_definition_of, definition_of
from portal.catalog.models import ProductVersion
from portal.core.journal import SYSTEM, Actor
from portal.people.models import Person
from portal.people.queries import get_person
from portal.people.roles import Role
from portal.planning.norm import Norm, NormUnit
from portal.planning.plan import DependencyKind
from portal.requests.actions import life
from portal.requests.actions.beginning import release_due
from portal.requests.models import Request, Task
from portal.requests.queries import get_request_for_change, list_history
from portal.requests.workflow import TaskState
from tests.factories import NOW, ZONE, make_block, make_department, make_line, make_person, make_product, make_request, words

TWO_DAYS = Norm(2, NormUnit.WORKING_DAYS)
WISH = Question(code="wanted_on", kind=QuestionKind.DATE, label=words("When?"), need=Need.REQUIRED, privacy=Privacy.NONE)


def of(request: Request, name: str) -> Task:
    return next(task for task in request.tasks if task.name.nl == name)


def again(session: Session, request: Request) -> Request:
    session.flush()
    session.expire_all()
    return get_request_for_change(session, request.id)


def changed(session: Session, version: ProductVersion, **more: object) -> ProductVersion:
    """Publish the product again, with other content."""
    return publish_product(session=session, definition=replace(definition_of(version), **more), by=SYSTEM, at=NOW)  # type: ignore[arg-type]


def finish(session: Session, request: Request, name: str, worker: Person, at: datetime) -> None:
    task = of(again(session, request), name)
    worker = get_person(session, worker.id)
    life.finish_task(session=session, task=task, person=worker, by=Actor(person_id=worker.id), at=at, zone=ZONE, result="")


def test_a_task_begins_some_time_after_another_one(session: Session) -> None:
    worker = make_person(session, Role.BACK_OFFICE, department=make_department(session, "ict"))
    make_block(session, "paint")
    make_block(session, "furnish")
    version = make_product(session, "room", [make_line("paint"), make_line("furnish")])
    dependency = Dependency(block="furnish", after="paint", kind=DependencyKind.NEEDS, offset=TWO_DAYS)
    request = make_request(session, worker, changed(session, version, dependencies=(dependency,)))
    assert of(request, "furnish").starts_at == of(request, "paint").expected_at + timedelta(days=2)

    done_at = NOW + timedelta(hours=1)
    finish(session, request, "paint", worker, done_at)
    furnish = of(again(session, request), "furnish")
    assert (furnish.state, furnish.not_before) == (TaskState.WAITING, done_at + timedelta(days=2))

    assert release_due(session=session, at=done_at + timedelta(days=1), zone=ZONE) == 0
    assert release_due(session=session, at=done_at + timedelta(days=2), zone=ZONE) == 1
    furnish = of(again(session, request), "furnish")
    assert (furnish.state, furnish.ready_at) == (TaskState.READY, done_at + timedelta(days=2))
    assert release_due(session=session, at=done_at + timedelta(days=3), zone=ZONE) == 0
    assert list_history(session, request)[-1].type == "task_released"


def test_a_line_begins_some_time_before_the_wished_date_and_not_earlier(session: Session) -> None:
    make_department(session, "ict")
    save_question(session=session, question=WISH)
    make_block(session, "coffee", questions=[WISH])
    make_block(session, "room")
    coffee = replace(make_line("coffee"), starts=Offset(length=TWO_DAYS, anchor=Anchor.WISHED_DATE))
    version = make_product(session, "meeting", [coffee, make_line("room")], wished_date="wanted_on")
    person = make_person(session)
    request = make_request(session, person, version, answers={"wanted_on": "2026-12-10"})
    task = of(request, "coffee")
    # Thursday 10 December, two working days back from its morning: Tuesday 8 December, when the department opens.
    assert (task.state, task.starts_at.astimezone(ZONE).date()) == (TaskState.WAITING, date(2026, 12, 8))
    assert of(request, "room").state is TaskState.READY
    # The whole is ready when its last task is.
    assert request.expected_at == task.expected_at
    soon = make_request(session, person, version, answers={"wanted_on": "2026-11-24"})
    assert of(soon, "coffee").state is TaskState.READY


def test_a_line_begins_some_time_after_submitting(session: Session) -> None:
    make_department(session, "ict")
    make_block(session, "survey")
    survey = replace(make_line("survey"), starts=Offset(length=TWO_DAYS, anchor=Anchor.SUBMIT))
    request = make_request(session, make_person(session), make_product(session, "after-care", [survey]))
    assert (request.tasks[0].state, request.tasks[0].starts_at) == (TaskState.WAITING, NOW + timedelta(days=2))


def test_what_is_asked_after_the_cut_off_runs_from_the_next_working_day(session: Session) -> None:
    make_department(session, "ict")
    block = make_block(session, "lunch")
    lunch = replace(block_definition_of(block), cut_off=time(9, 30))
    publish_block(session=session, definition=lunch, by=SYSTEM, at=NOW)
    version = make_product(session, "lunch-for-all", [make_line("lunch")])
    late = make_request(session, make_person(session), version).tasks[0]
    early = make_request(session, make_person(session), version, at=NOW - timedelta(minutes=30)).tasks[0]
    assert late.state is early.state is TaskState.READY
    assert late.running_since == datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    assert early.running_since == NOW - timedelta(minutes=30)
    assert late.due_at > early.due_at
