"""What the demo folder holds: people, and the history of their requests, read and checked without a database."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.catalog.reader import Reader, fault
from portal.core.texts import LocalText
from portal.core.yaml_files import Placed, Problems, read_each, read_yaml_file, refuse_double
from portal.people.roles import Role
from portal.requests.feedback.rules import Score
from portal.requests.workflow import SuspendReason
from portal.seeding.steps import Deed


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSeed:
    """Somebody of the demo organisation; function, cost centre, department and location are codes, the manager is a user name."""

    username: str
    name: str
    email: str
    phone: str
    function: str
    cost_centre: str
    department: str
    location: str
    language: str
    roles: tuple[tuple[Role, str | None], ...]
    manager: str | None

    @property
    def code(self) -> str:
        """Give what makes the person one of a kind."""
        return self.username


@dataclass(frozen=True, slots=True, kw_only=True)
class CostCentreSeed:
    """Where costs are booked; the department is a code, the budget holder a user name."""

    code: str
    name: LocalText
    department: str
    budget_holder: str
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSeed:
    """One step in the life of a request, `after_minutes` working minutes after the one before.

    A promise is due `in_minutes` working minutes after it was made.
    """

    do: Deed
    after_minutes: int
    in_minutes: int
    block: str | None
    text: str
    waiting_for: SuspendReason | None
    score: Score | None
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSeed:
    """A request of the past, `days_ago` working days before loading; `fingerprint` tells it from all others."""

    days_ago: int
    requester: str
    beneficiary: str | None
    beneficiary_name: str
    product: str
    tree: Mapping[str, str]
    answers: Mapping[str, Any]
    skipped: tuple[str, ...]
    added: tuple[str, ...]
    progress: tuple[StepSeed, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoContent:
    """All of the demo folder."""

    cost_centres: tuple[Placed[CostCentreSeed], ...]
    persons: tuple[Placed[PersonSeed], ...]
    requests: tuple[Placed[RequestSeed], ...]


def read_demo(folder: Path, *, problems: Problems) -> DemoContent:
    """Read the demo folder; mistakes are noted in `problems` and what holds one is left out."""
    root = folder.parent.parent
    cost_centres = read_yaml_file(folder / "cost_centres.yaml", root=root, problems=problems)
    persons = read_yaml_file(folder / "persons.yaml", root=root, problems=problems)
    requests = read_yaml_file(folder / "requests.yaml", root=root, problems=problems)
    content = DemoContent(
        cost_centres=tuple(read_each(cost_centres, _cost_centre, problems)),
        persons=tuple(read_each(persons, _person, problems)),
        requests=tuple(read_each(requests, _request, problems)),
    )
    refuse_double(content.cost_centres, "code", problems)
    refuse_double(content.persons, "username", problems)
    return content


def _person(data: object, path: str) -> PersonSeed:
    reader = Reader(data, path)
    person = PersonSeed(
        username=reader.string("username"),
        name=reader.string("name"),
        email=reader.string("email"),
        phone=reader.string("phone"),
        function=reader.string("function"),
        cost_centre=reader.string("cost_centre"),
        department=reader.string("department"),
        location=reader.string("location"),
        language=reader.string("language"),
        roles=reader.parts("roles", _role),
        manager=reader.maybe("manager", reader.string),
    )
    reader.finish()
    if person.language not in {"nl", "en"}:
        raise fault(reader.at("language"), "unknown_value")
    return person


def _cost_centre(data: object, path: str) -> CostCentreSeed:
    reader = Reader(data, path)
    centre = CostCentreSeed(
        code=reader.string("code"),
        name=reader.text("name"),
        department=reader.string("department"),
        budget_holder=reader.string("budget_holder"),
        is_active=reader.flag("is_active", default=True),
    )
    reader.finish()
    return centre


def _role(data: object, path: str) -> tuple[Role, str | None]:
    reader = Reader(data, path)
    role = reader.one_of("role", Role), reader.maybe("department", reader.string)
    reader.finish()
    return role


def _request(data: object, path: str) -> RequestSeed:
    reader = Reader(data, path)
    request = RequestSeed(
        days_ago=reader.number("days_ago", at_least=0),
        requester=reader.string("requester"),
        beneficiary=reader.maybe("beneficiary", reader.string),
        beneficiary_name=reader.maybe("beneficiary_name", reader.string) or "",
        product=reader.string("product"),
        tree=reader.maybe("tree", lambda name: reader.part(name, _answers)) or {},
        answers=reader.part("answers", _answers),
        skipped=reader.strings("skip_lines"),
        added=reader.strings("add_lines"),
        progress=reader.parts("progress", _step),
        fingerprint=_fingerprint(data),
    )
    reader.finish()
    return request


def _answers(data: object, path: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise fault(path, "not_a_mapping")
    return {str(code): list(value) if isinstance(value, list) else value for code, value in data.items()}


def _step(data: object, path: str) -> StepSeed:
    reader = Reader(data, path)
    do = reader.one_of("do", Deed)
    step = StepSeed(
        do=do,
        after_minutes=round(reader.part("after_hours", _amount) * 60),
        in_minutes=round(reader.part("in_hours", _amount) * 60) if do is Deed.PROMISE else 0,
        block=None if do is Deed.CANCEL else reader.string("block"),
        text=reader.string(do.text_field) if do.text_field else "",
        waiting_for=reader.one_of("waiting_for", SuspendReason) if do is Deed.SUSPEND else None,
        score=reader.one_of("score", Score) if do is Deed.RATE else None,
        path=path,
    )
    reader.finish()
    return step


def _amount(data: object, path: str) -> float:
    if isinstance(data, bool) or not isinstance(data, int | float) or data < 0:
        raise fault(path, "not_an_amount")
    return float(data)


def _fingerprint(data: object) -> str:
    """Tell requests apart by what was asked, so that a change in their later history does not make them new."""
    asked = {name: value for name, value in data.items() if name != "progress"} if isinstance(data, Mapping) else {}
    return hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()[:16]
