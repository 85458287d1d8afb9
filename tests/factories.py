"""Things to test with, made through the portal's own actions."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.actions import publish_block, publish_product
from portal.catalog.agreement import Price
from portal.catalog.definition import (
    BlockDefinition,
    Condition,
    Dependency,
    Level,
    Line,
    Need,
    ProductDefinition,
    ProductKind,
    Question,
    Theme,
    Tier,
)
from portal.catalog.models import BlockVersion, ProductVersion
from portal.core.journal import SYSTEM, Actor
from portal.core.references import new_token
from portal.core.texts import LocalText
from portal.people.actions import PersonDetails, save_department, save_person
from portal.people.models import Department, Person
from portal.people.queries import get_person
from portal.people.roles import Role
from portal.planning.actions import save_opening_hours
from portal.planning.norm import Norm, NormUnit
from portal.planning.plan import DependencyKind
from portal.planning.worktime import Span
from portal.requests.models import Request
from portal.requests.ordering.actions.submission import submit_request
from portal.requests.ordering.content import load_content
from portal.requests.ordering.models import OrderDraft
from portal.requests.ordering.queries import get_draft_for
from portal.requests.queries import get_request_for

ZONE = ZoneInfo("Europe/Amsterdam")
SECRET = "only-for-trying-out"
PASSWORD = "correct horse battery"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday, 10:00 in Amsterdam

WORKDAY = Span(8 * 60, 17 * 60)

_numbers = count(1)


def words(text: str) -> LocalText:
    """Give a text that shows in which language it is read."""
    return LocalText(nl=text, en=f"{text} (en)")


def make_department(session: Session, code: str = "ict", hours: Span = WORKDAY) -> Department:
    """Make a department that works Monday to Friday, 08:00-17:00 unless told otherwise."""
    department = save_department(session=session, code=code, name=words(code))
    save_opening_hours(session=session, department=department, week=[[hours]] * 5 + [[]] * 2)
    return department


def make_person(
    session: Session,
    *roles: Role,
    name: str = "Noor Voorbeeld",
    department: Department | None = None,
    language: str = "nl",
    username: str | None = None,
) -> Person:
    """Make a person with these roles for a department, and always employee."""
    username = username or f"person{next(_numbers)}"
    details = PersonDetails(
        username=username,
        name=name,
        email=f"{username}@loket.example",
        phone="",
        function=None,
        department=department,
        location=None,
        language=language,
        roles=[(Role.EMPLOYEE, None), *((role, department) for role in roles)],
    )
    return get_person(session, save_person(session=session, details=details, password=PASSWORD).id)


def make_block(
    session: Session,
    code: str,
    *,
    department: str = "ict",
    days: int = 1,
    questions: Sequence[Question] = (),
    checklist: Sequence[str] = (),
) -> BlockVersion:
    """Publish a building block with a norm in working days."""
    definition = BlockDefinition(
        code=code,
        name=words(code),
        description=words(f"You get {code}."),
        department=department,
        norm=Norm(days, NormUnit.WORKING_DAYS),
        prices=(Price(once_cents=1000),),
        task=words(f"Do {code}."),
        checklist=tuple(words(point) for point in checklist),
        questions=tuple(questions),
    )
    return publish_block(session=session, definition=definition, by=SYSTEM, at=NOW)


def make_line(block: str, *, need: Need = Need.REQUIRED, chosen: bool = True, when: Condition | None = None) -> Line:
    """Make a line of a bundle."""
    return Line(block=block, need=need, reason=words(f"because of {block}"), chosen=chosen, when=when)


def make_product(
    session: Session,
    code: str,
    lines: Sequence[Line],
    dependencies: Sequence[tuple[str, str]] = (),
    kind: DependencyKind = DependencyKind.NEEDS,
    **more: object,
) -> ProductVersion:
    """Publish a product with these lines; a dependency is (block, comes after)."""
    definition = ProductDefinition(
        code=code,
        kind=ProductKind.SITUATION,
        tier=Tier.BASIC,
        level=Level.OPERATIONAL,
        owner="ict",
        theme=Theme.PEOPLE,
        icon="person",
        name=words(f"product {code}"),
        summary=words("One sentence."),
        description=words("Some sentences."),
        conditions=(),
        lines=tuple(lines),
        dependencies=tuple(Dependency(block=block, after=after, kind=kind) for block, after in dependencies),
        **{"audience": frozenset({"citizen", "employee"}), **more},  # type: ignore[arg-type]
    )
    return publish_product(session=session, definition=definition, by=SYSTEM, at=NOW)


def make_chain(session: Session) -> ProductVersion:
    """Publish a product of three blocks in two departments: record <- account <- laptop, one day each."""
    make_department(session, "personeel")
    make_department(session, "ict")
    make_block(session, "record", department="personeel")
    make_block(session, "account")
    make_block(session, "laptop")
    lines = [make_line("record"), make_line("account"), make_line("laptop")]
    return make_product(session, "newcomer", lines, [("account", "record"), ("laptop", "account")])


def make_draft(session: Session, person: Person, version: ProductVersion, **more: object) -> OrderDraft:
    """Begin an order for oneself."""
    values: dict[str, object] = {
        "token": new_token(),
        "person_id": person.id,
        "requester_id": person.id,
        "beneficiary_id": person.id,
        "product_id": version.product_id,
        "product_version_id": version.id,
        "tree_answers": {},
        "answers": {},
        "skipped": [],
        "added": [],
        "changed_at": NOW,
    }
    draft = OrderDraft(**(values | more))
    session.add(draft)
    session.flush()
    return get_draft_for(session, by=person, token=draft.token, for_change=True)


def make_request(session: Session, person: Person, version: ProductVersion, at: datetime = NOW, **more: object) -> Request:
    """Submit an order, and load the request as its page does."""
    draft = make_draft(session, person, version, **more)
    actor = Actor(person_id=person.id)
    content = load_content(session, draft)
    request = submit_request(session=session, draft=draft, content=content, person=person, by=actor, at=at, zone=ZONE, secret=SECRET)
    session.flush()
    session.expire_all()
    loaded = session.scalars(select(Person).where(Person.id == person.id)).one()
    return get_request_for(session, by=get_person(session, loaded.id), number=request.number)


def sign_in(client: FlaskClient, person: Person) -> None:
    """Sign a person in as people do."""
    answer = client.post("/sign-in", data={"username": person.username, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
