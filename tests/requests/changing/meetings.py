"""A meeting to which parts can be added, adding them, and what a plan and a page hold then."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from portal.catalog.actions import publish_product, save_question
from portal.catalog.definition import Dependency, Line, Need, Privacy, Question, QuestionKind
from portal.catalog.models import ProductVersion
from portal.core.journal import SYSTEM, Actor
from portal.people.models import Person
from portal.people.queries import get_person
from portal.planning.norm import Norm, NormUnit
from portal.planning.plan import DependencyKind
from portal.requests.changing.actions.adding import add_line
from portal.requests.changing.actions.change import Change
from portal.requests.models import Request
from portal.requests.queries import get_request_for
from tests.factories import NOW, ZONE, make_block, make_department, make_line, make_request, words
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
    seen = loaded.version if version is None else version
    change = Change(request=loaded, person=person, by=Actor(person_id=person.id), at=NOW, zone=ZONE, version=seen)
    add_line(session=session, change=change, block=block, answers=answers, places={})
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


def fields(page: str, **answers: str) -> dict[str, str]:
    """Give what a page sends back, with other answers."""
    hidden = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) for name in ("version", "shown", "seen", "form_key")}
    return {**{name: found[1] for name, found in hidden.items() if found}, **{f"q-{code}": value for code, value in answers.items()}}
