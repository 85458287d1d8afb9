"""The clocks of a request: extension, legal term and first answer, beside the norm and never mixed with it."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.core.journal import Actor
from portal.people.models import Person
from portal.people.queries import get_person
from portal.people.roles import Role
from portal.planning.norm import Norm, NormUnit
from portal.requests.actions.extension import extend_task, extensions_left
from portal.requests.actions.life import answer_question, claim_task, finish_task, resume_task, suspend_task
from portal.requests.models import Request, Task
from portal.requests.queries import get_task_for, list_history
from portal.requests.workflow import SuspendReason
from tests.factories import NOW, ZONE, make_block, make_department, make_line, make_person, make_product, make_request

TUESDAY, WEDNESDAY, THURSDAY = (NOW + timedelta(days=days) for days in (1, 2, 3))


class Case:
    """One request of one task of two days, with a legal term of two weeks and an answer within four hours."""

    def __init__(self, session: Session, **agreed: object) -> None:
        self.session = session
        department = make_department(session, "ict")
        make_block(session, "permit", days=2)
        make_block(session, "letter", days=1)
        terms = {"legal_days": 14, "response": Norm(4, NormUnit.WORKING_HOURS), "extensions": 1, **agreed}
        version = make_product(session, "permit", [make_line("permit"), make_line("letter")], [("letter", "permit")], **terms)
        self.customer = make_person(session, name="Klaas Klant")
        self.worker = make_person(session, Role.BACK_OFFICE, department=department)
        self.task_id = make_request(session, self.customer, version).tasks[0].id

    def task(self) -> Task:
        self.session.flush()
        self.session.expire_all()
        return get_task_for(self.session, by=get_person(self.session, self.worker.id), task_id=self.task_id, for_change=True)

    @property
    def request(self) -> Request:
        return self.task().request

    def known(self, at: datetime, person: Person | None = None) -> dict[str, object]:
        person = get_person(self.session, (person or self.worker).id)
        return {"session": self.session, "task": self.task(), "person": person, "by": Actor(person_id=person.id), "at": at, "zone": ZONE}

    def ask(self, at: datetime) -> None:
        suspend_task(reason=SuspendReason.CUSTOMER, note="Welke kleur?", **self.known(at))

    def answer(self, at: datetime) -> None:
        answer_question(text="Rood", **self.known(at, self.customer))


@pytest.fixture
def case(session: Session) -> Case:
    return Case(session)


def test_a_question_moves_the_legal_term_by_the_days_until_the_answer(case: Case) -> None:
    assert case.request.legal_due_on == date(2026, 12, 7)
    case.ask(TUESDAY)
    assert case.request.legal_stopped_on == date(2026, 11, 24)
    case.answer(THURSDAY)
    assert (case.request.legal_stopped_on, case.request.legal_moved_days, case.request.legal_due_on) == (None, 2, date(2026, 12, 9))


def test_waiting_for_a_supplier_is_our_own_time(case: Case) -> None:
    suspend_task(reason=SuspendReason.SUPPLIER, note="Levering", **case.known(TUESDAY))
    resume_task(**case.known(THURSDAY))
    assert (case.request.legal_moved_days, case.request.legal_due_on) == (0, date(2026, 12, 7))


def test_an_answer_lets_the_clock_run_and_moves_the_due_moment_by_exactly_the_pause(case: Case) -> None:
    due = case.task().due_at
    case.ask(TUESDAY)
    case.answer(WEDNESDAY + timedelta(hours=2))
    task = case.task()
    # Tuesday 10:00 to Wednesday 12:00 is a working day and two hours: from Wednesday 10:00 to Thursday 12:00.
    assert task.due_at - due == timedelta(days=1, hours=2)
    assert (task.running_since, task.suspended_at, task.state) == (WEDNESDAY + timedelta(hours=2), None, "in_progress")


def test_extending_moves_due_forecast_and_legal_term_and_tells_why(case: Case) -> None:
    before, legal, expected = case.task(), date(2026, 12, 7), case.request.expected_at
    due, norm = before.due_at, before.norm_minutes
    extend_task(days=3, reason="De leverancier heeft vertraging.", **case.known(TUESDAY))
    task = case.task()
    assert (task.norm_minutes, task.extensions, task.extended_minutes) == (norm, 1, 3 * 540)
    assert due == NOW + timedelta(days=2)
    assert task.due_at == NOW + timedelta(days=7)  # Wednesday, and three working days over the weekend
    assert case.request.expected_at > expected
    assert case.request.legal_due_on == legal + timedelta(days=3)  # Tuesday to Friday
    extended, moved = list_history(case.session, task.request)[-2:]
    assert (extended.type, extended.data["days"], extended.data["text"]) == ("task_extended", 3, "De leverancier heeft vertraging.")
    assert (moved.type, moved.data["cause"]) == ("dates_changed", "task_extended")


def test_what_is_late_gets_its_days_from_now(case: Case) -> None:
    friday = NOW + timedelta(days=4)
    extend_task(days=1, reason="Vergeten", **case.known(friday))
    task = case.task()
    assert task.due_at == NOW + timedelta(days=7)  # Friday 10:00 and one working day: Monday 10:00
    assert task.expected_at >= task.due_at


def test_an_extension_survives_a_pause(case: Case) -> None:
    extend_task(days=1, reason="Meer werk", **case.known(NOW))
    due = case.task().due_at
    case.ask(TUESDAY)
    case.answer(WEDNESDAY)
    assert case.task().due_at - due == timedelta(days=1)


@pytest.mark.parametrize("allowed", [0, 2])
def test_no_more_than_the_product_allows(session: Session, allowed: int) -> None:
    case = Case(session, extensions=allowed)
    for _ in range(allowed):
        extend_task(days=1, reason="Meer werk", **case.known(NOW))
    assert extensions_left(request=case.request) == 0
    with pytest.raises(ConflictError, match="no_more_extensions"):
        extend_task(days=1, reason="Meer werk", **case.known(NOW))


def test_who_may_extend_and_how(session: Session, case: Case) -> None:
    for days, reason, errors in ((0, "x", {"days": "wrong_length"}), (61, "x", {"days": "wrong_length"}), (1, " ", {"reason": "required"})):
        with pytest.raises(InvalidInputError) as error:
            extend_task(days=days, reason=reason, **case.known(NOW))
        assert error.value.errors == errors
    with pytest.raises(ForbiddenError):
        extend_task(days=1, reason="x", **case.known(NOW, make_person(session)))
    finish_task(result="", **case.known(NOW))
    with pytest.raises(ConflictError):
        extend_task(days=1, reason="x", **case.known(NOW))


def test_the_first_sign_of_a_person_ends_the_wait_for_an_answer(case: Case) -> None:
    request = case.request
    assert (request.response_due_at, request.responded_at) == (NOW + timedelta(hours=4), None)
    known = case.known(NOW + timedelta(hours=1))
    known.pop("zone")
    claim_task(**known)
    assert case.request.responded_at == NOW + timedelta(hours=1)
    case.ask(TUESDAY)
    assert case.request.responded_at == NOW + timedelta(hours=1)


def test_a_product_without_terms_has_none(session: Session) -> None:
    case = Case(session, legal_days=None, response=None)
    case.ask(TUESDAY)
    case.answer(THURSDAY)
    assert (case.request.legal_due_on, case.request.legal_moved_days, case.request.response_due_at) == (None, 0, None)
    assert case.request.responded_at == TUESDAY
