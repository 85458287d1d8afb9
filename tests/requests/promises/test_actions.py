"""Making, keeping, moving and breaking promises; once, in time, and by who may."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.core.journal import Actor, is_chain_intact
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.changing.actions.cancelling import cancel_request
from portal.requests.models import Request
from portal.requests.promises.actions import break_passed, keep_promise, move_promise, remind_keepers
from portal.requests.promises.models import Promise
from portal.requests.promises.queries import list_keeper_ids, list_promises
from portal.requests.promises.workflow import AROUND, PromiseState
from portal.requests.queries import get_request_for_change, list_history
from portal.requests.workflow import NextKind
from tests.factories import NOW, ZONE, make_person
from tests.requests.promises.conftest import AFTERNOON, MakePromise, fresh

MINUTE = timedelta(minutes=1)


def keep(session: Session, promise: Promise, person: Person, *, at: object = AFTERNOON, **more: object) -> None:
    values = {"outcome": "Het werkt weer.", "at": at, **more}
    keep_promise(session=session, promise=promise, person=person, by=Actor(person_id=person.id), zone=ZONE, **values)  # type: ignore[arg-type]


def move(session: Session, promise: Promise, person: Person, **more: object) -> None:
    values = {"at": NOW, "zone": ZONE, "due_at": AFTERNOON + timedelta(days=1), "reason": "Ik ben er dan niet.", **more}
    move_promise(session=session, promise=promise, person=person, by=Actor(person_id=person.id), **values)  # type: ignore[arg-type]


def types(session: Session, request: Request) -> list[str]:
    return [entry.type for entry in list_history(session, request)]


def test_a_promise_is_the_next_moment_of_its_request(session: Session, asked: Request, promise: MakePromise) -> None:
    assert (asked.next_moment_at, asked.next_kind) == (asked.expected_at, NextKind.EXPECTED)
    made = promise()
    request = fresh(session, asked)
    assert (request.next_moment_at, request.next_kind, request.has_promises) == (AFTERNOON, NextKind.PROMISE, True)
    assert (made.first_due_at, made.due_month, made.state) == (AFTERNOON, "2026-11", PromiseState.OPEN)
    assert [one.id for one in list_promises(session, request)] == [made.id]
    assert types(session, request)[-1] == "promise_made"


@pytest.mark.parametrize(
    ("more", "errors"),
    [
        ({"due_at": NOW}, {"due_at": "past"}),
        ({"due_at": NOW + timedelta(days=400)}, {"due_at": "too_far"}),
        ({"what": "  "}, {"what": "required"}),
        ({"what": "x" * 301}, {"what": "too_long"}),
    ],
)
def test_what_cannot_be_promised(promise: MakePromise, more: dict[str, object], errors: dict[str, str]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        promise(**more)
    assert caught.value.errors == errors


def test_kept_in_time_early_and_only_once(session: Session, asked: Request, agent: Person, promise: MakePromise) -> None:
    made, early = promise(), promise(due_at=AFTERNOON + timedelta(days=2))
    keep(session, made, agent, at=AFTERNOON + AROUND - MINUTE)
    assert (made.state, made.outcome) == (PromiseState.KEPT, "Het werkt weer.")
    assert fresh(session, asked).next_moment_at == early.due_at
    keep(session, early, agent)
    assert early.state is PromiseState.KEPT_EARLY
    request = fresh(session, asked)
    assert (request.next_moment_at, request.next_kind) == (request.expected_at, NextKind.EXPECTED)
    with pytest.raises(ConflictError):
        keep(session, made, agent)
    assert types(session, request).count("promise_kept") == 2
    assert is_chain_intact(list_history(session, request))


def test_a_stale_page_and_an_empty_outcome_change_nothing(session: Session, agent: Person, promise: MakePromise) -> None:
    made = promise()
    version = made.version
    move(session, made, agent)
    with pytest.raises(ConflictError):
        keep(session, made, agent, version=version)
    with pytest.raises(InvalidInputError):
        keep(session, made, agent, outcome=" ")
    assert made.state is PromiseState.OPEN


def test_moved_before_its_moment_with_the_first_one_kept(session: Session, asked: Request, agent: Person, promise: MakePromise) -> None:
    made = promise()
    made.reminded_at = NOW
    move(session, made, agent, due_at=NOW + timedelta(days=9))
    assert (made.due_at, made.first_due_at, made.moves) == (NOW + timedelta(days=9), AFTERNOON, 1)
    assert (made.due_month, made.reminded_at) == ("2026-12", None)
    assert fresh(session, asked).next_moment_at == made.due_at
    entry = list_history(session, asked)[-1]
    assert (entry.type, entry.data["old_due_at"], entry.data["text"]) == ("promise_moved", AFTERNOON.isoformat(), "Ik ben er dan niet.")
    with pytest.raises(InvalidInputError):
        move(session, made, agent, due_at=made.due_at)
    with pytest.raises(InvalidInputError):
        move(session, made, agent, reason="")
    with pytest.raises(ConflictError):
        move(session, made, agent, at=made.due_at, due_at=made.due_at + AROUND)


def test_a_promise_is_broken_when_nobody_ticked_it_and_made_good_once(
    session: Session, asked: Request, agent: Person, promise: MakePromise
) -> None:
    made = promise()
    assert break_passed(session=session, at=AFTERNOON + AROUND - MINUTE, zone=ZONE) == 0
    assert break_passed(session=session, at=AFTERNOON + AROUND, zone=ZONE) == 1
    assert break_passed(session=session, at=AFTERNOON + AROUND, zone=ZONE) == 0
    session.expire(made)
    assert (made.state, made.settled_at) == (PromiseState.BROKEN, AFTERNOON + AROUND)
    request = fresh(session, asked)
    assert (request.next_kind, types(session, request).count("promise_broken")) == (NextKind.EXPECTED, 1)
    with pytest.raises(ConflictError):
        move(session, made, agent, at=AFTERNOON + AROUND)
    assert [one.id for one in list_promises(session, request)] == [made.id]
    tomorrow = AFTERNOON + timedelta(days=1)
    again = promise(due_at=tomorrow, at=AFTERNOON + AROUND, follows=made)
    assert [one.id for one in list_promises(session, request)] == [again.id]
    with pytest.raises(ConflictError):
        promise(due_at=tomorrow, at=AFTERNOON + AROUND, follows=made)


def test_the_keeper_is_reminded_once_and_not_after_the_moment(session: Session, asked: Request, promise: MakePromise) -> None:
    made = promise()
    assert remind_keepers(session=session, at=AFTERNOON - AROUND - MINUTE) == 0
    assert remind_keepers(session=session, at=AFTERNOON - MINUTE) == 1
    assert remind_keepers(session=session, at=AFTERNOON - MINUTE) == 0
    assert types(session, asked).count("promise_comes_due") == 1
    late = promise(due_at=AFTERNOON + timedelta(hours=1))
    assert remind_keepers(session=session, at=late.due_at) == 0
    session.expire_all()
    assert (made.reminded_at, late.reminded_at) == (AFTERNOON - MINUTE, None)


def test_everybody_of_the_department_is_told_when_nobody_in_person_keeps_it(
    session: Session, asked: Request, agent: Person, promise: MakePromise
) -> None:
    behind = make_person(session, Role.BACK_OFFICE, department=asked.owner)
    make_person(session, department=asked.owner)
    assert set(list_keeper_ids(session, promise(keeper=None).id)) == {agent.id, behind.id}
    assert list_keeper_ids(session, promise(keeper=behind).id) == [behind.id]


def test_a_request_that_closes_lets_go_of_its_promises(session: Session, asked: Request, asker: Person, promise: MakePromise) -> None:
    made = promise()
    request = get_request_for_change(session, asked.id)
    by = Actor(person_id=asker.id)
    cancel_request(session=session, request=request, person=asker, by=by, at=NOW, zone=ZONE, reason="Niet meer nodig.")
    assert made.state is PromiseState.CANCELLED
    assert (request.next_moment_at, request.next_kind) == (None, None)
    assert types(session, request)[-3:] == ["line_cancelled", "request_closed", "promise_cancelled"]


def test_who_may_not_promise_or_settle(session: Session, asked: Request, asker: Person, handler: Person, promise: MakePromise) -> None:
    made = promise()
    stranger = make_person(session, Role.BACK_OFFICE, department=asked.tasks[0].department)
    for person in (asker, stranger):
        with pytest.raises(ForbiddenError):
            keep(session, made, person)
        with pytest.raises(ForbiddenError):
            move(session, made, person)
    keep(session, made, make_person(session, Role.BACK_OFFICE, department=asked.owner))
    del handler
