"""The catalogue of the source text, whole, made and published by two people with the actions behind the screens."""

from dataclasses import replace

from sqlalchemy.orm import Session

from portal.catalog.catalogue import Catalogue
from portal.catalog.definition import Definition
from portal.catalog.drafting import approve, begin_new, change_question, send_for_review
from portal.catalog.exchange.folder import CatalogueFiles
from portal.catalog.exchange.queries import load_catalogue
from portal.core.journal import Actor
from portal.core.yaml_files import Problems
from portal.people.roles import Role
from portal.seeding.base_content import BaseContent, read_base
from portal.seeding.base_loading import load_base
from tests.factories import NOW, make_person
from tests.seeding.seeds import SEEDS

NOTHING = CatalogueFiles(questions=(), blocks=(), products=())


def read_source() -> BaseContent:
    problems = Problems()
    content = read_base(SEEDS / "base", zone="Europe/Amsterdam", problems=problems)
    problems.raise_if_any()
    return content


def make_and_publish(session: Session, definition: Definition, author: Actor, reviewer: Actor) -> None:
    draft = begin_new(session=session, definition=definition, by=author, at=NOW)
    send_for_review(session=session, version=draft, edition=draft.edition, by=author, at=NOW)
    approve(session=session, version=draft, edition=draft.edition, publish_at=None, by=reviewer, at=NOW)


def test_two_people_publish_all_of_it_with_the_screens_own_actions(session: Session) -> None:
    content, problems = read_source(), Problems()
    load_base(session=session, content=replace(content, catalogue=NOTHING), at=NOW, problems=problems)
    problems.raise_if_any()
    assert load_catalogue(session) == Catalogue(questions={}, blocks={}, products={})
    author, reviewer = (Actor(person_id=make_person(session, Role.CATALOGUE_MANAGER).id) for _ in range(2))
    source = content.catalogue.catalogue
    for question in source.questions.values():
        change_question(session=session, question=question, edition=None, by=author, at=NOW)
    for definition in (*source.blocks.values(), *source.products.values()):
        make_and_publish(session, definition, author, reviewer)
    assert load_catalogue(session) == source
