"""A catalogue in the database, and a place to write it."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal.catalog.actions import save_question
from portal.catalog.catalogue import Catalogue
from portal.catalog.definition import Need, Privacy, Question, QuestionKind
from portal.catalog.exchange.queries import load_catalogue
from portal.catalog.exchange.writing import write_folder
from tests.catalog.examples import publish
from tests.factories import make_block, make_department, make_line, words

START_DATE = Question(code="start_date", kind=QuestionKind.DATE, label=words("When?"), need=Need.REQUIRED, privacy=Privacy.NONE)


@pytest.fixture
def catalogue(session: Session) -> Catalogue:
    """Publish a product of two blocks, of which one asks a question."""
    make_department(session, "ict")
    save_question(session=session, question=START_DATE)
    make_block(session, "desk", questions=[START_DATE])
    make_block(session, "pass", days=2)
    publish(session, "workplace", [make_line("desk"), make_line("pass")])
    return load_catalogue(session)


@pytest.fixture
def folder(catalogue: Catalogue, tmp_path: Path) -> Path:
    """Give the folder in which that catalogue was written."""
    write_folder(tmp_path / "catalogue", catalogue)
    return tmp_path / "catalogue"
