"""A product with requests of the last days, and a draft of it that adds a task."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from portal.catalog.definition import BlockDefinition, CatalogueKind, Dependency, Need, ProductDefinition
from portal.catalog.drafting import change_draft, start_draft
from portal.catalog.memory import block_definition_of, definition_of
from portal.catalog.models import BlockVersion, CatalogueVersion, ProductVersion
from portal.catalog.queries import get_published_product, list_versions
from portal.core.journal import Actor
from portal.people.models import Person
from portal.planning.norm import Norm
from portal.planning.plan import DependencyKind
from portal.simulating.stage import Period
from tests.factories import NOW, ZONE, make_block, make_department, make_line, make_person, make_product, make_request

AMOUNT = 7
PERIOD = Period((NOW - timedelta(days=30)).date(), NOW.date(), ZONE)


def make_asked(session: Session, amount: int = AMOUNT) -> ProductVersion:
    """Publish a product of two blocks and an optional one, and ask for it, every other time with the optional one switched off."""
    make_department(session, "personeel")
    make_department(session, "ict")
    make_block(session, "record", department="personeel")
    make_block(session, "laptop")
    make_block(session, "phone")
    make_block(session, "badge")
    lines = [make_line("record"), make_line("laptop"), make_line("phone", need=Need.OPTIONAL)]
    version = make_product(session, "newcomer", lines, [("laptop", "record"), ("phone", "record")])
    person = make_person(session)
    for number in range(amount):
        make_request(session, person, version, at=NOW - timedelta(days=number), skipped=["phone"] if number % 2 else [])
    return get_published_product(session, "newcomer")


def draft_with_badge(session: Session, version: ProductVersion, by: Person) -> CatalogueVersion:
    """Begin a draft in which a badge comes last."""
    definition = definition_of(version)
    last = Dependency(block="badge", after="laptop", kind=DependencyKind.NEEDS)
    changed = replace(definition, lines=(*definition.lines, make_line("badge")), dependencies=(*definition.dependencies, last))
    return draft_of_product(session, version, changed, by)


def draft_of_product(session: Session, version: ProductVersion, changed: ProductDefinition, by: Person) -> CatalogueVersion:
    actor = Actor(person_id=by.id)
    draft = start_draft(session=session, source=version, by=actor, at=NOW)
    change_draft(session=session, version=draft, definition=changed, edition=draft.edition, by=actor, at=NOW)
    session.flush()
    return draft


def draft_of_block(session: Session, code: str, by: Person, **changed: object) -> tuple[CatalogueVersion, CatalogueVersion]:
    """Begin a draft of a building block, and give it with the one that is published."""
    actor = Actor(person_id=by.id)
    published = list_versions(session, CatalogueKind.BLOCKS, code)[0]
    assert isinstance(published, BlockVersion)
    draft = start_draft(session=session, source=published, by=actor, at=NOW)
    definition: BlockDefinition = replace(block_definition_of(published), **changed)  # type: ignore[arg-type]
    change_draft(session=session, version=draft, definition=definition, edition=draft.edition, by=actor, at=NOW)
    session.flush()
    return draft, published


def longer(version: CatalogueVersion) -> Norm:
    """Give the norm of a building block with two days more."""
    assert isinstance(version, BlockVersion)
    return Norm(version.norm_amount + 2, version.norm_unit)
