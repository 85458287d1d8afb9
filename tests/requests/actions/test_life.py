"""From submitting to closing: one request, one plan, and dates that follow what happens."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import ConflictError, ForbiddenError, IllegalTransitionError, InvalidInputError
from portal.core.journal import Actor, is_chain_intact
from portal.core.references import hash_code, normal_code
from portal.people.models import Person
from portal.people.roles import Role
from portal.planning.models import Pace
from portal.planning.plan import DependencyKind
from portal.requests.actions import life
from portal.requests.changing.actions.cancelling import cancel_request
from portal.requests.models import Request, Task
from portal.requests.ordering.actions.submission import find_tracking_code, submit_request
from portal.requests.ordering.content import load_content
from portal.requests.queries import get_request_for, get_task_for, list_history
from portal.requests.workflow import RequestState, SuspendReason, TaskState
from tests.factories import (
    NOW,
    SECRET,
    ZONE,
    make_block,
    make_chain,
    make_department,
    make_draft,
    make_line,
    make_person,
    make_product,
    make_request,
)

TUESDAY = NOW + timedelta(days=1)


class Office:
    """A chain of three tasks in two departments, and the people who work on it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.version = make_chain(session)
        self.customer = make_person(session, name="Bram Klant")
        personeel, ict = make_department(session, "personeel"), make_department(session, "ict")
        self.clerk = make_person(session, Role.BACK_OFFICE, department=personeel)
        self.engineer = make_person(session, Role.BACK_OFFICE, department=ict)
        self.request = make_request(session, self.customer, self.version)

    def task(self, name: str, person: Person | None = None) -> Task:
        """Load a task afresh, as a page does."""
        self.session.flush()
        self.session.expire_all()
        request = get_request_for(self.session, by=self._fresh(self.customer), number=self.request.number)
        task_id = next(task.id for task in request.tasks if task.name.nl == name)
        return get_task_for(self.session, by=self._fresh(person or self.clerk), task_id=task_id, for_change=True)

    def do(self, step: str, name: str, person: Person, at: datetime, **more: object) -> Request:
        """Take a step on a task."""
        action = getattr(life, f"{step}_task")
        actor = Actor(person_id=person.id)
        task = self.task(name, person)
        action(session=self.session, task=task, person=self._fresh(person), by=actor, at=at, zone=ZONE, **more)
        return task.request

    def sentences(self) -> list[str]:
        """Name what happened, in order."""
        return [entry.type for entry in list_history(self.session, self.request)]

    def _fresh(self, person: Person) -> Person:
        from portal.people.queries import get_person  # noqa: PLC0415  keeps the class short

        return get_person(self.session, person.id)


@pytest.fixture
def office(session: Session) -> Office:
    return Office(session)


def amsterdam(day: int, hour: int) -> datetime:
    """Give a moment in the last week of November 2026 (Monday 23 to Friday 27), local time."""
    return datetime(2026, 11, day, hour - 1, 0, tzinfo=UTC)


def test_submitting_makes_all_tasks_with_dates_by_the_longest_path(office: Office) -> None:
    tasks = office.request.tasks
    assert [(task.name.nl, task.state) for task in tasks] == [
        ("record", TaskState.READY),
        ("account", TaskState.WAITING),
        ("laptop", TaskState.WAITING),
    ]
    assert [task.expected_at for task in tasks] == [amsterdam(24, 10), amsterdam(25, 10), amsterdam(26, 10)]
    assert office.request.expected_at == office.request.latest_at == amsterdam(26, 10)
    assert office.request.state is RequestState.SUBMITTED
    assert office.request.cost_cents == 3000
    assert office.sentences() == ["request_submitted"]


def test_a_draft_that_is_submitted_twice_is_one_request(office: Office, session: Session) -> None:
    draft = make_draft(session, office.customer, office.version)
    actor = Actor(person_id=office.customer.id)
    made = [
        submit_request(
            session=session,
            draft=draft,
            content=load_content(session, draft),
            person=office.customer,
            by=actor,
            at=NOW,
            zone=ZONE,
            secret=SECRET,
        )
        for _ in range(2)
    ]
    assert made[0] is made[1]


def test_the_tracking_code_is_not_stored_but_finds_the_request(office: Office) -> None:
    code = find_tracking_code(request=office.request, secret=SECRET)
    assert hash_code(normal_code(code or "") or "") == office.request.tracking_hash
    assert find_tracking_code(request=office.request, secret="another secret") is None


def test_finishing_early_releases_the_next_task_and_moves_the_date_forward(office: Office) -> None:
    request = office.do("finish", "record", office.clerk, amsterdam(23, 12), result="done")
    states = {task.name.nl: task.state for task in request.tasks}
    assert states == {"record": TaskState.DONE, "account": TaskState.READY, "laptop": TaskState.WAITING}
    assert request.expected_at == amsterdam(25, 12)
    assert request.state is RequestState.IN_PROGRESS
    assert office.sentences() == ["request_submitted", "task_finished", "task_released", "dates_changed"]


def test_a_late_finish_moves_everything_behind_it_and_says_why(office: Office) -> None:
    office.do("finish", "record", office.clerk, amsterdam(26, 10), result="")
    assert office.task("laptop").expected_at == datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    shift = list_history(office.session, office.request)[-1]
    assert shift.type == "dates_changed"
    assert shift.data["cause"] == "task_finished"
    assert shift.data["name"]["nl"] == "record"


def test_suspend_and_resume_move_the_dates_by_exactly_the_pause(office: Office) -> None:
    before = [task.expected_at for task in office.request.tasks]
    office.do("suspend", "record", office.clerk, amsterdam(23, 14), reason=SuspendReason.SUPPLIER, note="Part is late.")
    assert office.task("record").state is TaskState.SUSPENDED
    request = office.do("resume", "record", office.clerk, amsterdam(25, 14))
    assert [task.expected_at for task in request.tasks] == [moment + timedelta(days=2) for moment in before[:2]] + [
        datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    ]
    assert office.task("record").due_at == amsterdam(26, 10)


def test_while_a_task_is_suspended_the_request_waits(office: Office) -> None:
    request = office.do("suspend", "record", office.clerk, amsterdam(23, 14), reason=SuspendReason.CUSTOMER, note="Which name?")
    assert request.state is RequestState.SUSPENDED
    assert office.sentences()[-1] == "question_asked"


def test_the_customers_answer_lets_the_clock_run_again(office: Office) -> None:
    office.do("suspend", "record", office.clerk, amsterdam(23, 14), reason=SuspendReason.CUSTOMER, note="Which name?")
    task = office.task("record", office.customer)
    actor = Actor(person_id=office.customer.id)
    answer = {"session": office.session, "task": task, "person": office.customer, "by": actor, "zone": ZONE}
    life.answer_question(**answer, at=amsterdam(24, 14), text="Noor")  # type: ignore[arg-type]
    assert task.state is TaskState.IN_PROGRESS
    assert task.running_since == amsterdam(24, 14)
    assert "question_answered" in office.sentences()
    with pytest.raises(ConflictError):
        life.answer_question(**answer, at=amsterdam(24, 15), text="Noor")  # type: ignore[arg-type]


def test_a_stranger_cannot_answer(office: Office) -> None:
    office.do("suspend", "record", office.clerk, amsterdam(23, 14), reason=SuspendReason.CUSTOMER, note="Which name?")
    task = office.task("record")
    with pytest.raises(ForbiddenError):
        life.answer_question(
            session=office.session, task=task, person=office.clerk, by=Actor(), at=amsterdam(24, 14), zone=ZONE, text="Noor"
        )


def test_refusing_cancels_what_needs_it_and_closes_the_request(office: Office) -> None:
    request = office.do("refuse", "record", office.clerk, amsterdam(23, 14), reason="Nobody of that name.")
    assert [task.state for task in request.tasks] == [TaskState.REFUSED, TaskState.CANCELLED, TaskState.CANCELLED]
    assert request.state is RequestState.REFUSED
    assert request.closed_at == amsterdam(23, 14)


def test_what_only_comes_later_goes_on_after_a_refusal(session: Session) -> None:
    make_department(session)
    make_block(session, "one")
    make_block(session, "two")
    version = make_product(session, "pair", [make_line("one"), make_line("two")], [("two", "one")], kind=DependencyKind.ORDER)
    engineer = make_person(session, Role.BACK_OFFICE, department=make_department(session))
    request = make_request(session, engineer, version)
    task = get_task_for(session, by=engineer, task_id=request.tasks[0].id, for_change=True)
    life.refuse_task(session=session, task=task, person=engineer, by=Actor(), at=NOW, zone=ZONE, reason="No.")
    assert [one.state for one in task.request.tasks] == [TaskState.REFUSED, TaskState.READY]


def test_the_last_finish_closes_the_request_and_the_pace_is_learnt(office: Office) -> None:
    office.do("finish", "record", office.clerk, amsterdam(24, 10), result="")
    office.do("finish", "account", office.engineer, amsterdam(24, 16), result="")
    request = office.do("finish", "laptop", office.engineer, amsterdam(25, 16), result="")
    assert request.state is RequestState.DONE
    assert request.expected_at == request.closed_at == amsterdam(25, 16)
    office.session.flush()
    paces = office.session.scalars(select(Pace).order_by(Pace.block_id)).all()
    assert [(pace.finished, pace.finished_in_norm) for pace in paces] == [(1, 1)] * 3
    assert is_chain_intact(list_history(office.session, request))


def test_of_two_people_one_gets_the_task(office: Office, session: Session) -> None:
    colleague = make_person(session, Role.BACK_OFFICE, department=make_department(session, "personeel"))
    first = office.task("record")
    life.claim_task(session=session, task=first, person=office.clerk, by=Actor(), at=NOW)
    with pytest.raises(ConflictError, match="already_claimed"):
        life.claim_task(session=session, task=office.task("record"), person=colleague, by=Actor(), at=NOW)
    with pytest.raises(ForbiddenError):
        office.do("start", "record", colleague, NOW)


def test_another_departments_task_is_not_yours_to_do(office: Office) -> None:
    with pytest.raises(ForbiddenError):
        office.do("start", "record", office.engineer, NOW)


def test_a_page_made_on_an_older_version_is_a_conflict(office: Office) -> None:
    version = office.task("record").version
    office.do("start", "record", office.clerk, NOW, version=version)
    with pytest.raises(ConflictError, match="stale_version"):
        office.do("finish", "record", office.clerk, TUESDAY, result="", version=version)


def test_a_waiting_task_cannot_be_finished(office: Office) -> None:
    with pytest.raises(IllegalTransitionError):
        office.do("finish", "account", office.engineer, NOW, result="")


def test_open_points_of_the_checklist_stop_finishing(session: Session) -> None:
    ict = make_department(session)
    make_block(session, "pass", checklist=["photo", "print"])
    version = make_product(session, "pass", [make_line("pass")])
    engineer = make_person(session, Role.BACK_OFFICE, department=ict)
    request = make_request(session, engineer, version)
    task = get_task_for(session, by=engineer, task_id=request.tasks[0].id, for_change=True)
    finish = {"session": session, "task": task, "person": engineer, "by": Actor(), "at": TUESDAY, "result": "", "zone": ZONE}
    life.tick_checklist(session=session, task=task, person=engineer, by=Actor(), at=NOW, done={0})
    with pytest.raises(InvalidInputError):
        life.finish_task(**finish)  # type: ignore[arg-type]
    life.tick_checklist(session=session, task=task, person=engineer, by=Actor(), at=NOW, done={0, 1})
    life.finish_task(**finish)  # type: ignore[arg-type]
    assert task.state is TaskState.DONE


def test_cancelling_stops_all_that_is_open_and_keeps_what_was_done(office: Office) -> None:
    office.do("finish", "record", office.clerk, amsterdam(23, 12), result="")
    request = office.task("account", office.customer).request
    cancel_request(session=office.session, request=request, person=office.customer, by=Actor(), at=TUESDAY, zone=ZONE, reason="Not needed.")
    assert [task.state for task in request.tasks] == [TaskState.DONE, TaskState.CANCELLED, TaskState.CANCELLED]
    assert request.closed_at == TUESDAY
    with pytest.raises(ConflictError):
        cancel_request(session=office.session, request=request, person=office.customer, by=Actor(), at=TUESDAY, zone=ZONE, reason="Again.")
