"""What is found first: real queries against the real catalogue, and who finds what."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from ruamel.yaml import YAML
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.memory import definition_of
from portal.catalog.models import Product
from portal.core.texts import LocalText
from portal.people.models import Person
from portal.people.roles import Role
from portal.search.actions import count_use, index_product, index_products_with, reindex, save_synonyms, write_documents
from portal.search.documents import product_content
from portal.search.index import CANDIDATES
from portal.search.models import ProductUse, SearchDocument, SearchWord
from portal.search.queries import find, load_vocabulary
from portal.search.vocabulary import Synonym
from tests.factories import NOW, make_block, make_chain, make_line, make_person, make_product, make_request

FILES: Final = {"queries.yaml": 150, "everyday_queries.yaml": 300}
FIRST: Final = 0.95


def codes(session: Session, text: str, person: Person | None = None, *, is_typing: bool = False) -> Sequence[str]:
    return [one.document.code for one in find(session, text, person=person, most=10, is_typing=is_typing, is_all=person is None).found]


@pytest.mark.parametrize("file", FILES)
def test_the_right_product_comes_first(catalogue: Session, file: str) -> None:
    queries = [(code, str(one)) for code, several in YAML(typ="safe").load(Path(__file__).with_name(file)).items() for one in several]
    found = {(code, query): codes(catalogue, query) for code, query in queries}
    assert len(found) == len(queries) >= FILES[file]
    not_first = [f"{query}: {answer[:3]}, not {code}" for (code, query), answer in found.items() if answer[:1] != [code]]
    not_near = [f"{query}: {answer[:3]}, not {code}" for (code, query), answer in found.items() if code not in answer[:3]]
    assert not not_near
    assert len(not_first) <= (1 - FIRST) * len(queries), not_first


@pytest.mark.parametrize("typed", ["za", "zaa", "verg", "zaalr", "zaalreserv"])
def test_the_beginning_of_a_word_is_enough_while_typing(catalogue: Session, typed: str) -> None:
    assert ("zaalreservering" in codes(catalogue, typed, is_typing=True)) == (len(typed) > 2)


@pytest.mark.parametrize(
    "typed", ["", " ", "de het een", "xqzkw", "-- ' \" * ( ) :", "a" * 500, "ik wil graag", "éÉ ß 漢字", "%", "AND OR NOT"]
)
def test_what_says_nothing_finds_nothing(catalogue: Session, typed: str) -> None:
    assert not codes(catalogue, typed)


def test_words_that_are_not_known_do_no_harm(catalogue: Session) -> None:
    assert codes(catalogue, "beamer voor overmorgenochtend xqzkw")[0] == "bijeenkomst"


def test_everybody_finds_only_what_they_may_ask_for(session: Session) -> None:
    version = make_chain(session)
    make_product(session, "plan", [make_line("record")], audience=frozenset({"manager"}))
    reindex(session=session)
    of_nobody = replace(product_content(definition_of(version), {}), code="secret", audience=())
    write_documents(session=session, contents=[of_nobody])
    employee, manager = make_person(session), make_person(session, Role.MANAGER)
    assert codes(session, "product", employee) == [version.product.code]
    assert set(codes(session, "product", manager)) == {version.product.code, "plan"}
    assert set(codes(session, "product")) == {version.product.code, "plan"}


def test_what_matches_equally_well_comes_by_use_in_ones_department(session: Session) -> None:
    first = make_chain(session)
    second = make_product(session, "zzz", [make_line("record")])
    person = make_person(session, department=first.owner)
    reindex(session=session)
    assert codes(session, "product", person) == ["newcomer", "zzz"]
    make_request(session, person, second)
    count_use(session=session, at=NOW)
    assert codes(session, "product", person) == ["zzz", "newcomer"]
    assert codes(session, "product", make_person(session)) == ["newcomer", "zzz"]


def test_use_counts_for_a_year(session: Session) -> None:
    version = make_chain(session)
    make_request(session, make_person(session, department=version.owner), version)
    count_use(session=session, at=NOW.replace(year=NOW.year + 2))
    assert not session.scalars(select(ProductUse)).all()


def test_a_changed_product_and_block_are_found_by_their_new_words(session: Session) -> None:
    version = make_chain(session)
    code = version.product.code
    index_product(session=session, code=code)
    assert codes(session, "laptop") == [code]
    make_block(session, "typewriter")
    make_product(session, code, [make_line("typewriter")])
    index_product(session=session, code=code)
    assert (codes(session, "typewriter"), codes(session, "laptop")) == ([code], [])
    make_block(session, "typewriter", days=2)
    index_products_with(session=session, block="typewriter")
    assert codes(session, "typewriter") == [code]
    assert not session.scalar(select(SearchWord.documents).where(SearchWord.word == "laptop"))


def test_what_is_no_longer_published_goes(session: Session) -> None:
    version = make_chain(session)
    index_product(session=session, code=version.product.code)
    session.delete(version)
    session.flush()
    index_product(session=session, code=version.product.code)
    assert not codes(session, "newcomer")
    assert not session.scalars(select(SearchDocument)).all()
    assert session.scalars(select(Product)).all()


def test_making_the_index_again_changes_no_answer(catalogue: Session) -> None:
    before = codes(catalogue, "zaal")
    assert reindex(session=catalogue) == 23
    assert codes(catalogue, "zaal") == before


def test_a_synonym_counts_at_once(session: Session) -> None:
    make_chain(session)
    reindex(session=session)
    assert not codes(session, "rookie")
    save_synonyms(session=session, synonyms=[Synonym("Rookie", "newcomer")])
    assert codes(session, "rookies") == ["newcomer"]
    save_synonyms(session=session, synonyms=[])
    assert not codes(session, "rookie")


def test_what_was_typed_is_found_among_many_that_hold_a_part_of_it(session: Session) -> None:
    of_one = product_content(definition_of(make_chain(session)), {})
    names = [*(f"{part} {number}" for number in range(CANDIDATES) for part in ("plek", "werk")), "werkplek"]
    write_documents(session=session, contents=[replace(of_one, code=name, name=LocalText(nl=name, en="thing")) for name in names])
    assert codes(session, "werkplek")[0] == "werkplek"


def test_a_search_takes_few_statements(session: Session, statements: list[str]) -> None:
    make_chain(session)
    reindex(session=session)
    load_vocabulary(session)
    statements.clear()
    assert codes(session, "newcomer")
    # On PostgreSQL two more, which hold its planner to the index.
    assert len(statements) <= 5
