"""Adding a part to a request that runs: the plan of one order of all, the dates that were shown, approvals, costs, and who may."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.actions import publish_product, save_question
from portal.catalog.agreement import ApprovalRule, Approver, ApproverKind
from portal.catalog.definition import Dependency, Line, Need, Privacy, Question, QuestionKind
from portal.catalog.models import ProductVersion
from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from portal.core.journal import SYSTEM, Actor, JournalEntry
from portal.core.references import new_token
from portal.people.models import Person
from portal.people.queries import get_person
from portal.people.roles import Role
from portal.planning.norm import Norm, NormUnit
from portal.planning.plan import DependencyKind
from portal.requests.actions.adding import add_line
from portal.requests.actions.changing import cancel_line, work_out_cancelling
from portal.requests.actions.life import finish_task, start_task
from portal.requests.actions.revising import list_addable, load_stand, work_out_adding
from portal.requests.actions.weaving import dates_with, key_of
from portal.requests.models import Request
from portal.requests.queries import get_request_for, get_task_for
from portal.requests.workflow import TaskState
from tests.factories import NOW, ZONE, make_block, make_department, make_line, make_person, make_request, sign_in, words
from tests.requests.test_fanout import make_definition

OPTIONAL = {"need": Need.OPTIONAL, "chosen": False}


def question(code: str, kind: QuestionKind = QuestionKind.TEXT, **more: Any) -> Question:
    return Question(**{"code": code, "kind": kind, "label": words(f"{code}?"), "need": Need.REQUIRED, "privacy": Privacy.NONE, **more})


def product(session: Session, **more: Any) -> ProductVersion:
    """Publish a meeting: build -> room -> coffee -> clean (an hour later), a screen that may need a cable; only the room is required."""
    make_department(session, "ict")
    colour, size, far = question("colour"), question("size"), question("far", QuestionKind.YES_NO)
    length = question("length", when={"question": "far", "is": True})
    for one in (colour, size, far, length):
        save_question(session=session, question=one)
    asked = {"room": [colour], "screen": [colour, size, far], "cable": [length]}
    for code in ("build", "room", "coffee", "clean", "screen", "cable"):
        make_block(session, code, questions=asked.get(code, ()))
    lines = [
        make_line("build", **OPTIONAL),
        make_line("room"),
        make_line("coffee", **OPTIONAL),
        make_line("clean", **OPTIONAL),
        make_line("screen", **OPTIONAL),
        make_line("cable", when={"question": "far", "is": True}),
    ]
    hour = Norm(1, NormUnit.WORKING_HOURS)
    needs = [("room", "build", None), ("coffee", "room", None), ("clean", "coffee", hour)]
    return publish(session, lines, needs, **more)


def publish(session: Session, lines: list[Line], after: Sequence[tuple[str, str, Norm | None]], **more: Any) -> ProductVersion:
    dependencies = tuple(Dependency(block=block, after=one, kind=DependencyKind.NEEDS, offset=offset) for block, one, offset in after)
    definition = replace(make_definition(lines, []), dependencies=dependencies, **more)
    return publish_product(session=session, definition=definition, by=SYSTEM, at=NOW)


def order(session: Session, asker: Person, version: ProductVersion, *added: str, **answers: Any) -> Request:
    request = make_request(session, asker, version, answers={"colour": "rood", **answers}, added=list(added), has_details=True)
    session.commit()
    return request


def add(session: Session, request: Request, block: str, person: Person, *, version: int | None = None, **answers: Any) -> Request:
    loaded = get_request_for(session, by=person, number=request.number, for_change=True)
    add_line(
        session=session,
        request=loaded,
        block=block,
        answers=answers,
        places={},
        person=person,
        by=Actor(person_id=person.id),
        at=NOW,
        zone=ZONE,
        version=loaded.version if version is None else version,
    )
    session.flush()
    session.expire_all()
    return get_request_for(session, by=get_person(session, person.id), number=loaded.number)


def plan_of(request: Request) -> Mapping[str, object]:
    """Describe a plan: state, what comes before, and the dates of each task."""
    names = {task.id: task.name.nl for task in request.tasks}
    return {
        task.name.nl: (
            task.state,
            {(names[one.after_id], one.kind, one.lag_minutes) for one in task.predecessors},
            (task.starts_at, task.expected_at, task.latest_at, task.due_at, task.latest_start_at),
        )
        for task in request.tasks
    }


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


def fields(page: str, **answers: str) -> dict[str, str]:
    """Give what a page sends back, with other answers."""
    hidden = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) for name in ("version", "shown", "seen", "form_key")}
    return {**{name: found[1] for name, found in hidden.items() if found}, **{f"q-{code}": value for code, value in answers.items()}}


def test_the_pages_ask_first_then_show_then_add(client: FlaskClient, session: Session, asker: Person) -> None:
    request = order(session, asker, product(session))
    sign_in(client, asker)
    path = f"/requests/{request.number}/additions"
    assert path in client.get(f"/requests/{request.number}").text
    page = client.get(path).text
    assert page.count(f'href="{path}/') == 4
    page = client.get(f"{path}/screen").text
    assert ("size?" in page, "colour?" in page, "Wat dit verandert" in page) == (True, False, False)
    assert client.post(f"{path}/screen", data=fields(page, size="", far="")).status_code == 422
    shown = client.post(f"{path}/screen", data=fields(page, size="groot", far="yes"))
    assert shown.status_code == 422
    assert "length?" in shown.text, "the answer brought a part along that asks more"
    page = client.post(f"{path}/screen", data=fields(shown.text, size="groot", far="yes", length="9 m")).text
    for told in ("Dit komt erbij", "cable", "nieuw: ", "Kosten hiermee"):
        assert told in page
    other = client.post(f"{path}/screen", data=fields(page, size="klein", far="no"))
    assert other.status_code == 422, "other answers are shown first"
    assert "Dit komt erbij" not in other.text
    back = client.post(f"{path}/screen", data=fields(page, size="middel", far="no"))
    assert "Wat dit verandert" in back.text, "going back and filling in something else is the same form again"
    data = fields(other.text, size="klein", far="no")
    assert client.post(f"{path}/screen", data={**data, "search": "q-size"}).status_code == 422, "looking for a colleague adds nothing"
    done = client.post(f"{path}/screen", data=data)
    assert done.status_code == 303
    assert client.post(f"{path}/screen", data=data).location == done.location, "a second click is the same"
    page = client.get(done.location).text
    assert page.count("screen") >= 2
    assert "is door de aanvrager toegevoegd" in page
    assert client.get(f"{path}/screen").status_code == 404
    again = client.post(f"{path}/screen", data={**data, "form_key": "another"})
    assert again.status_code == 409
    assert "Er is niets toegevoegd" in again.text


def test_without_questions_what_it_does_is_shown_at_once_and_stale_pages_add_nothing(
    client: FlaskClient, session: Session, asker: Person
) -> None:
    request = order(session, asker, product(session))
    sign_in(client, asker)
    path = f"/requests/{request.number}/additions"
    page, other = client.get(f"{path}/coffee").text, client.get(f"{path}/clean").text
    assert "Wanneer elk onderdeel klaar is" in page
    assert client.post(f"{path}/coffee", data=fields(page)).status_code == 303
    stale = client.post(f"{path}/clean", data=fields(other))
    assert stale.status_code == 409
    assert client.post(f"{path}/clean", data=fields(stale.text)).status_code == 303


def test_what_is_too_late_says_why_and_a_closed_request_takes_nothing(client: FlaskClient, session: Session, asker: Person) -> None:
    request = order(session, asker, product(session))
    handler = make_person(session, Role.BACK_OFFICE, department=request.tasks[0].department)
    task = get_task_for(session, by=handler, task_id=request.tasks[0].id, for_change=True)
    finish_task(session=session, task=task, person=handler, by=Actor(person_id=handler.id), at=NOW, zone=ZONE, result="")
    session.commit()
    sign_in(client, asker)
    path = f"/requests/{request.number}/additions"
    page = client.get(path).text
    assert "afgesloten" in page
    assert f"/requests/{request.number}/reopening" in page
    assert client.post(f"{path}/coffee", data={"version": str(task.request.version), "form_key": "k"}).status_code == 409


def test_a_follower_that_began_is_named(client: FlaskClient, session: Session, asker: Person) -> None:
    request = order(session, asker, product(session))
    handler = make_person(session, Role.BACK_OFFICE, department=request.tasks[0].department)
    task = get_task_for(session, by=handler, task_id=request.tasks[0].id, for_change=True)
    start_task(session=session, task=task, person=handler, by=Actor(person_id=handler.id), at=NOW, zone=ZONE)
    session.commit()
    sign_in(client, asker)
    path = f"/requests/{request.number}/additions"
    for page in (client.get(path).text, client.get(f"{path}/build").text):
        assert "het moet vóór “room” komen" in page
    assert 'name="seen"' not in client.get(f"{path}/build").text
    version = get_request_for(session, by=asker, number=request.number).version
    assert client.post(f"{path}/build", data={"version": str(version), "form_key": "k"}).status_code == 409


def test_others_cannot_add_and_the_desk_adds_on_behalf(client: FlaskClient, session: Session, asker: Person) -> None:
    request = order(session, asker, product(session))
    path = f"/requests/{request.number}/additions"
    assert client.get(path).location.startswith("/sign-in?next=")
    handler = make_person(session, Role.BACK_OFFICE, department=request.tasks[0].department)
    for person, status in ((handler, 403), (make_person(session, name="Iemand Anders"), 404)):
        sign_in(client, person)
        assert client.get(path).status_code == status
        assert client.get(f"{path}/coffee").status_code == status
        assert client.post(f"{path}/coffee", data={"version": "1", "form_key": new_token()}).status_code == status
        client.post("/sign-out")
    agent = make_person(session, Role.SERVICE_DESK)
    sign_in(client, agent)
    assert client.post(f"{path}/coffee", data=fields(client.get(f"{path}/coffee").text)).status_code == 303
    event = session.scalars(select(JournalEntry).where(JournalEntry.type == "line_added")).one()
    assert (event.actor_id, event.on_behalf_of_id) == (agent.id, asker.id)


def test_the_list_costs_the_same_for_one_and_for_many(client: FlaskClient, session: Session, asker: Person, statements: list[str]) -> None:
    version = product(session)
    few, many = order(session, asker, version, "build", "coffee", "clean"), order(session, asker, version)
    sign_in(client, asker)
    counts = []
    for request in (few, few, many):
        statements.clear()
        assert client.get(f"/requests/{request.number}/additions").status_code == 200
        counts.append(len(statements))
    assert counts[1] == counts[2] <= 14, statements


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
    by = Actor(person_id=asker.id)
    cancel_line(session=session, request=loaded, task_id=coffee.id, person=asker, by=by, at=NOW, zone=ZONE, version=loaded.version)
    clean = next(task for task in loaded.tasks if task.name.nl == "clean")
    assert clean.state is TaskState.WAITING, "the room comes first still"
    assert (clean.starts_at, clean.expected_at) == before["clean"][2][:2]  # type: ignore[index]
    assert shown.dates is not None
    assert (shown.dates.expected_at, shown.dates.latest_at) == (loaded.expected_at, loaded.latest_at)
