"""Writing building blocks."""

from flask import flash, redirect, url_for

from portal.catalog.codec import block_from_data
from portal.catalog.definition import BlockDefinition, CatalogueKind
from portal.catalog.drafting import begin_new
from portal.catalog.queries import questions_by_code
from portal.composing.editor_forms import BlockForm, fields_of_block
from portal.composing.forms import choices_of
from portal.composing.views.editing import Trouble, keep, open_block
from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import InvalidInputError
from portal.people.queries import find_team, list_departments, list_teams
from portal.people.session import current_actor
from portal.web.answers import Answer, page
from portal.web.language import local
from portal.web.words import _


def block(code: str) -> Answer:
    """Show the draft of a building block to be changed."""
    draft, before = open_block(code)
    form = BlockForm(data={**fields_of_block(before), "edition": draft.edition})
    return _show(form, before)


def save_block(code: str) -> Answer:
    """Keep what was changed in a building block."""
    draft, before = open_block(code, for_change=True)
    form = BlockForm()
    trouble = keep(form, draft, lambda: _written(form, before))
    if trouble:
        return _show(form, before, trouble)
    flash(_("The draft is saved."))
    return redirect(url_for("manage.detail", kind=CatalogueKind.BLOCKS.value, code=code), 303)


def new_block() -> Answer:
    """Show the form of a new building block."""
    return _show(BlockForm(data={"norm_amount": 1, "norm_unit": "working_days"}), None)


def create_block() -> Answer:
    """Begin a new building block as a draft."""
    form = BlockForm()
    if not form.validate_new():
        return _show(form, None, Trouble(status=422))
    try:
        draft = begin_new(session=db.session(), definition=_written(form, None), by=current_actor(), at=utc_now())
    except InvalidInputError as invalid:
        return _show(form, None, Trouble(status=422, faults=form.show_faults(invalid.errors)))
    flash(_("The draft is saved."))
    return redirect(url_for("manage.detail", kind=CatalogueKind.BLOCKS.value, code=draft.code), 303)


def _written(form: BlockForm, before: BlockDefinition | None) -> BlockDefinition:
    session = db.session()
    written = block_from_data(form.data_of_block(before), questions_by_code(session))
    if written.team is not None and find_team(session, written.team, department=written.department) is None:
        raise InvalidInputError({"team": "unknown_team"})
    return written


def _show(form: BlockForm, before: BlockDefinition | None, trouble: Trouble | None = None) -> Answer:
    form.department.choices = choices_of((one.code, local(one.name)) for one in list_departments(db.session()))
    teams = [(one.code, f"{local(one.department.name)}: {local(one.name)}") for one in list_teams(db.session())]
    form.team.choices = choices_of([("", _("The whole department")), *teams])
    form.questions.choices = choices_of((code, local(question.label)) for code, question in questions_by_code(db.session()).items())
    template = "compose/block.html" if before else "compose/new_block.html"
    return page(template, trouble.status if trouble else 200, form=form, before=before, trouble=trouble)
