"""Adding a part to a request that runs: the plan of one order of all, the dates that were shown, approvals, and who may."""

from itertools import permutations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.agreement import ApprovalRule, Approver, ApproverKind
from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from portal.core.journal import Actor, JournalEntry
from portal.people.models import Person
from portal.people.roles import Role
from portal.planning.plan import DependencyKind
from portal.requests.actions.life import start_task
from portal.requests.changing.actions.change import Change
from portal.requests.changing.actions.leaving import cancel_line, work_out_cancelling
from portal.requests.changing.actions.revising import list_addable, load_stand, work_out_adding
from portal.requests.changing.actions.weaving import dates_with, key_of
from portal.requests.queries import get_request_for, get_task_for
from portal.requests.workflow import TaskState
from tests.factories import NOW, ZONE, make_department, make_person
from tests.requests.changing.meetings import add, order, plan_of, product


def test_adding_in_any_order_gives_the_plan_of_one_order(session: Session, asker: Person) -> None:
    version = product(session)
    one_order = order(session, asker, version, "build", "coffee", "clean")
    whole = plan_of(one_order), one_order.expected_at, one_order.latest_at, one_order.cost_cents
    for blocks in permutations(["build", "coffee", "clean"]):
        request = order(session, asker, version)
        for block in blocks:
            request = add(session, request, block, asker)
        assert (plan_of(request), request.expected_at, request.latest_at, request.cost_cents) == whole, blocks
        places = {task.id: place for place, task in enumerate(request.tasks)}
        assert all(places[one.after_id] < places[task.id] for task in request.tasks for one in task.predecessors)


def test_the_dates_are_those_that_were_shown(session: Session, asker: Person) -> None:
    request = order(session, asker, product(session), "coffee")
    stand = load_stand(session=session, request=request, at=NOW, zone=ZONE)
    assert [line.block for line in list_addable(stand=stand)] == ["build", "clean", "screen"]
    found = work_out_adding(stand=stand, chosen={"build"}, answers={})
    shown = dates_with(stand=stand, found=found)
    assert key_of(stand=stand, block="build") in shown.tasks
    changed = add(session, request, "build", asker)
    assert (shown.expected_at, shown.latest_at) == (changed.expected_at, changed.latest_at)
    by_key = {str(task.id): task for task in changed.tasks}
    for key, dates in shown.tasks.items():
        task = by_key.get(key) or next(one for one in changed.tasks if one.name.nl == "build")
        assert (dates.starts_at, dates.expected_at, dates.latest_at) == (task.starts_at, task.expected_at, task.latest_at)
    assert {task.name.nl: task.state for task in changed.tasks} == {
        "build": TaskState.READY,
        "room": TaskState.WAITING,
        "coffee": TaskState.WAITING,
    }
    types = session.scalars(select(JournalEntry.type).where(JournalEntry.stream == changed.stream).order_by(JournalEntry.id)).all()
    assert types == ["request_submitted", "task_held", "line_added", "task_released", "dates_changed"]


def test_only_what_is_not_known_is_asked_and_what_the_answers_need_comes_along(session: Session, asker: Person) -> None:
    request = order(session, asker, product(session))
    stand = load_stand(session=session, request=request, at=NOW, zone=ZONE)
    found = work_out_adding(stand=stand, chosen={"screen"}, answers={})
    assert [one.code for one in found.questions] == ["size", "far"]
    assert found.missing == ["size", "far"]
    found = work_out_adding(stand=stand, chosen={"screen"}, answers={"size": "groot", "far": True, "length": None})
    assert [line.block for line in found.lines] == ["screen", "cable"]
    assert found.missing == ["length"]
    hidden = work_out_adding(stand=stand, chosen={"screen"}, answers={"size": "groot", "far": False, "length": "9 m"})
    assert hidden.answers == {"size": "groot", "far": False}
    with pytest.raises(InvalidInputError):
        add(session, request, "screen", asker, size="groot", far=True)
    session.rollback()
    changed = add(session, request, "screen", asker, size="groot", far=True, length="9 m")
    assert [task.name.nl for task in changed.tasks] == ["room", "screen", "cable"]
    assert {one["code"]: one["value"] for one in changed.answers} == {"colour": "rood", "size": "groot", "far": True, "length": "9 m"}
    assert changed.cost_cents == 3000


def test_it_is_refused_to_others_when_stale_unknown_or_too_late(session: Session, asker: Person) -> None:
    request = order(session, asker, product(session))
    department = request.tasks[0].department
    handler = make_person(session, Role.BACK_OFFICE, department=department)
    with pytest.raises(ForbiddenError):
        add(session, request, "coffee", handler)
    with pytest.raises(ConflictError, match="stale_version"):
        add(session, request, "coffee", asker, version=99)
    for block in ("room", "cable", "unknown"):
        with pytest.raises(NotFoundError):
            add(session, request, block, asker)
    task = get_task_for(session, by=handler, task_id=request.tasks[0].id, for_change=True)
    start_task(session=session, task=task, person=handler, by=Actor(person_id=handler.id), at=NOW, zone=ZONE)
    with pytest.raises(ConflictError, match="past_no_return"):
        add(session, request, "build", asker)
    changed = add(session, request, "coffee", asker)
    assert [task.state for task in changed.tasks] == [TaskState.IN_PROGRESS, TaskState.WAITING]


def test_the_rule_of_the_product_asks_about_what_makes_it_cost_more(session: Session, asker: Person) -> None:
    rule = ApprovalRule(approvers=(Approver(kind=ApproverKind.PRODUCT_OWNER),), above_cents=1500)
    make_department(session, "ict")
    request = order(session, asker, product(session, approval=rule))
    assert not request.approvals
    stand = load_stand(session=session, request=request, at=NOW, zone=ZONE)
    shown = dates_with(stand=stand, found=work_out_adding(stand=stand, chosen={"coffee"}, answers={}))
    changed = add(session, request, "coffee", asker)
    approval, task = changed.approvals[0], changed.tasks[1]
    assert (approval.task_id, approval.amount_cents) == (task.id, 1000)
    assert changed.tasks[0].state is TaskState.READY, "what runs goes on"
    assert (shown.expected_at, shown.latest_at) == (changed.expected_at, changed.latest_at)
    assert changed.awaits is ApproverKind.PRODUCT_OWNER
    changed = add(session, changed, "screen", asker, size="groot", far=False)
    assert len(changed.approvals) == 2


def test_an_approval_of_the_whole_that_is_still_open_guards_what_is_added(session: Session, asker: Person) -> None:
    rule = ApprovalRule(approvers=(Approver(kind=ApproverKind.PRODUCT_OWNER),))
    request = order(session, asker, product(session, approval=rule))
    stand = load_stand(session=session, request=request, at=NOW, zone=ZONE)
    shown = dates_with(stand=stand, found=work_out_adding(stand=stand, chosen={"screen"}, answers={"size": "groot", "far": False}))
    changed = add(session, request, "screen", asker, size="groot", far=False)
    assert len(changed.approvals) == 1
    assert [task.state for task in changed.tasks] == [TaskState.WAITING, TaskState.WAITING]
    screen = changed.tasks[1]
    assert shown.tasks["new:screen"].starts_at == screen.starts_at == changed.tasks[0].starts_at > NOW


def test_what_was_added_and_cancelled_again_leaves_the_order_as_it_was(session: Session, asker: Person) -> None:
    version = product(session)
    request = order(session, asker, version, "clean")
    before = plan_of(request)
    request = add(session, request, "coffee", asker)
    assert plan_of(request) != before
    loaded = get_request_for(session, by=asker, number=request.number, for_change=True)
    coffee = next(task for task in loaded.tasks if task.name.nl == "coffee")
    for row in next(task for task in loaded.tasks if task.name.nl == "clean").predecessors:
        row.kind = DependencyKind.ORDER  # so that it stays when coffee goes
    shown = work_out_cancelling(session=session, request=loaded, task_id=coffee.id, at=NOW, zone=ZONE)
    change = Change(request=loaded, person=asker, by=Actor(person_id=asker.id), at=NOW, zone=ZONE, version=loaded.version)
    cancel_line(session=session, change=change, task_id=coffee.id)
    clean = next(task for task in loaded.tasks if task.name.nl == "clean")
    assert clean.state is TaskState.WAITING, "the room comes first still"
    assert (clean.starts_at, clean.expected_at) == before["clean"][2][:2]  # type: ignore[index]
    assert shown.dates is not None
    assert (shown.dates.expected_at, shown.dates.latest_at) == (loaded.expected_at, loaded.latest_at)
