"""Keeping the standard texts that are offered when somebody writes about a request."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, url_for

from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import ConflictError, InvalidInputError
from portal.people.session import current_actor
from portal.requests.labels import REQUEST_STATES
from portal.requests.standard_texts.actions import remove_text, save_text
from portal.requests.standard_texts.forms import TextForm, fields_of_text
from portal.requests.standard_texts.labels import PLACEHOLDERS
from portal.requests.standard_texts.models import StandardText
from portal.requests.standard_texts.queries import get_text, list_texts, names_by_product
from portal.requests.standard_texts.rules import SPELLINGS
from portal.web.answers import Answer, page
from portal.web.forms import BaseForm
from portal.web.language import local
from portal.web.words import _

blueprint: Final = Blueprint("texts", __name__)


@blueprint.get("/manage/texts")
def overview() -> Answer:
    """List the standard texts with when they are offered."""
    session = db.session()
    return page("texts/overview.html", texts=list_texts(session), products=names_by_product(session), states=REQUEST_STATES)


@blueprint.get("/manage/texts/new")
def new() -> Answer:
    """Show the form of a new text."""
    return _show(TextForm(formdata=None))


@blueprint.post("/manage/texts")
def create() -> Answer:
    """Make a text."""
    return _save(TextForm(), None)


@blueprint.get("/manage/texts/<int:text_id>")
def detail(text_id: int) -> Answer:
    """Show a text to be changed."""
    text = get_text(db.session(), text_id)
    return _show(TextForm(formdata=None, data=fields_of_text(text)), text)


@blueprint.post("/manage/texts/<int:text_id>")
def save(text_id: int) -> Answer:
    """Keep what was changed in a text."""
    return _save(TextForm(), get_text(db.session(), text_id))


@blueprint.post("/manage/texts/<int:text_id>/removal")
def remove(text_id: int) -> Answer:
    """Remove a text."""
    remove_text(session=db.session(), text=get_text(db.session(), text_id), by=current_actor(), at=utc_now())
    flash(_("The text is removed. What was sent with it stays."))
    return redirect(url_for("texts.overview"), 303)


def _save(form: TextForm, text: StandardText | None) -> Answer:
    form.offer(names_by_product(db.session()))
    if not form.validate():
        return _show(form, text, 422)
    session, by, at = db.session(), current_actor(), utc_now()
    try:
        save_text(session=session, wording=form.wording(), by=by, at=at, text=text, version=form.version.data)
    except InvalidInputError as invalid:
        form.show_faults(invalid)
        return _show(form, text, 422)
    except ConflictError:
        return _show(form, text, 409)
    flash(_("The text is saved. It is offered from now on."))
    return redirect(url_for("texts.overview"), 303)


def _show(form: TextForm, text: StandardText | None = None, status: int = 200) -> Answer:
    """Render the form; on a conflict with what was typed, beside how it stands now."""
    form.offer(names_by_product(db.session()))
    placeholders = [(local(spelling), PLACEHOLDERS[one]) for one, spelling in SPELLINGS.items()]
    is_stale = status == HTTPStatus.CONFLICT
    if is_stale and text:
        form.version.data, form.version.raw_data = text.version, None
    template = "texts/detail.html" if text else "texts/new.html"
    removal = BaseForm(formdata=None)
    return page(template, status, form=form, text=text, placeholders=placeholders, is_stale=is_stale, removal=removal)
