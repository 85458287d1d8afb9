"""Two people at the very same moment: one is first, the other is told, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

from portal.catalog import drafting
from portal.catalog.definition import CatalogueKind, Need, Privacy, Question, QuestionKind
from portal.catalog.memory import block_definition_of, definition_of
from portal.catalog.models import ProductVersion
from portal.catalog.queries import get_version, list_versions, published_blocks
from portal.core.db import db, transaction
from portal.core.errors import ConflictError, InvalidInputError
from portal.core.journal import SYSTEM
from portal.web.application import Application
from tests.factories import NOW, make_chain, words


def at_once(app: Application, change: Callable[[str], None]) -> list[str]:
    """Let two people do the same, and tell how it ended for each."""
    barrier = Barrier(2)

    def one(name: str) -> str:
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    change(name)
            except ConflictError as conflict:
                return conflict.reason
            except InvalidInputError as invalid:
                return invalid.errors["code"]
            return "done"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(one, ("ada", "rik")))


def start(_name: str) -> None:
    source = get_version(db.session(), CatalogueKind.PRODUCTS, "newcomer", 1, for_change=True)
    drafting.start_draft(session=db.session(), source=source, by=SYSTEM, at=NOW)


def rename(name: str) -> None:
    """Change a draft that was also read without holding it, as the pages do."""
    session = db.session()
    list_versions(session, CatalogueKind.PRODUCTS, "newcomer")
    draft = get_version(session, CatalogueKind.PRODUCTS, "newcomer", 2, for_change=True)
    assert isinstance(draft, ProductVersion)
    definition = replace(definition_of(draft), name=words(name))
    drafting.change_draft(session=session, version=draft, definition=definition, edition=1, by=SYSTEM, at=NOW)


def test_one_begins_the_draft_and_one_change_is_kept(committed_app: Application) -> None:
    with committed_app.app_context(), transaction() as session:
        make_chain(session)
    assert at_once(committed_app, start) == ["done", "draft_exists"]
    assert at_once(committed_app, rename) == ["done", "stale_version"]
    with committed_app.app_context():
        draft = get_version(db.session(), CatalogueKind.PRODUCTS, "newcomer", 2)
        assert draft.edition == 2
        assert draft.name in {words("ada"), words("rik")}


def begin_product(_name: str) -> None:
    definition = replace(definition_of(_published()), code="chair")
    drafting.begin_new(session=db.session(), definition=definition, by=SYSTEM, at=NOW)


def begin_block(_name: str) -> None:
    version = published_blocks(db.session(), ["laptop"])["laptop"]
    definition = replace(block_definition_of(version), code="tablet")
    drafting.begin_new(session=db.session(), definition=definition, by=SYSTEM, at=NOW)


def add_question(name: str) -> None:
    question = Question(code="why", kind=QuestionKind.TEXT, label=words(name), need=Need.OPTIONAL, privacy=Privacy.NONE)
    drafting.change_question(session=db.session(), question=question, edition=None, by=SYSTEM, at=NOW)


def change_question(name: str) -> None:
    question = Question(code="why", kind=QuestionKind.TEXT, label=words(f"new {name}"), need=Need.OPTIONAL, privacy=Privacy.NONE)
    drafting.change_question(session=db.session(), question=question, edition=1, by=SYSTEM, at=NOW)


def _published() -> ProductVersion:
    version = get_version(db.session(), CatalogueKind.PRODUCTS, "newcomer", 1)
    assert isinstance(version, ProductVersion)
    return version


def test_a_code_is_taken_once_and_a_question_is_changed_once(committed_app: Application) -> None:
    with committed_app.app_context(), transaction() as session:
        make_chain(session)
    for make in (begin_product, begin_block, add_question):
        assert at_once(committed_app, make) == ["done", "double_code"], make
    assert at_once(committed_app, change_question) == ["done", "stale_version"]
