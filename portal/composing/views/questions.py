"""Writing the questions of the library."""

from collections.abc import Sequence

from flask import flash, redirect, url_for

from portal.catalog.codec import question_as_data, question_from_data
from portal.catalog.definition import Question
from portal.catalog.drafting import change_question
from portal.catalog.labels import QUESTION_KINDS
from portal.catalog.queries import find_question_record, questions_by_code
from portal.composing.difference_pages import DifferenceRow, rows_of_differences
from portal.composing.part_forms import QuestionForm, fields_of_question
from portal.composing.subjects import subjects_of
from portal.composing.views.editing import Trouble
from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import ConflictError, InvalidInputError, NotFoundError
from portal.people.session import current_actor
from portal.web.answers import Answer, page
from portal.web.words import _


def questions() -> Answer:
    """List the questions of the library."""
    return page("compose/questions.html", questions=questions_by_code(db.session()).values(), kinds=QUESTION_KINDS)


def question(code: str) -> Answer:
    """Show a question to be changed."""
    before, edition = _question(code)
    return _show(QuestionForm(data={**fields_of_question(before, subjects_of(None, _others(before))), "edition": edition}), before)


def save_question(code: str) -> Answer:
    """Keep what was changed in a question."""
    return _save(*_question(code))


def new_question() -> Answer:
    """Show the form of a new question."""
    return _show(QuestionForm(data={"kind": "text", "need": "required", "privacy": "none"}), None)


def create_question() -> Answer:
    """Put a new question in the library."""
    return _save(None, None)


def _save(before: Question | None, edition_now: int | None) -> Answer:
    form = QuestionForm()
    form.offer_subjects(subjects_of(None, _others(before)), before.when if before else None)
    if not (form.validate() if before else form.validate_new()):
        return _show(form, before, Trouble(status=422))
    edition, form.edition.data, form.edition.raw_data = None if before is None else form.edition.data or 0, edition_now, None
    try:
        written = question_from_data(form.data_of_question(before))
        change_question(session=db.session(), question=written, edition=edition, by=current_actor(), at=utc_now())
    except InvalidInputError as invalid:
        return _show(form, before, Trouble(status=422, faults=form.show_faults(invalid.errors)))
    except ConflictError:
        return _show(form, before, Trouble(status=409, overtaken=_differences(before, written)))
    flash(_("The question is saved. It reaches the forms when a building block that asks it is published."))
    return redirect(url_for("compose.questions"), 303)


def _show(form: QuestionForm, before: Question | None, trouble: Trouble | None = None) -> Answer:
    form.offer_subjects(subjects_of(None, _others(before)), before.when if before else None)
    template = "compose/question.html" if before else "compose/new_question.html"
    return page(template, trouble.status if trouble else 200, form=form, before=before, trouble=trouble)


def _differences(before: Question | None, written: Question) -> Sequence[DifferenceRow]:
    return rows_of_differences(question_as_data(before) if before else {}, question_as_data(written), _others(before))


def _question(code: str) -> tuple[Question, int]:
    """Load a question as it is now, with its edition.

    :raises NotFoundError: there is no such question.
    """
    found = find_question_record(db.session(), code)
    if found is None:
        raise NotFoundError
    return question_from_data(found.definition), found.edition


def _others(before: Question | None) -> list[Question]:
    return [one for one in questions_by_code(db.session()).values() if before is None or one.code != before.code]
