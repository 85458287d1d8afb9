"""Writing what else is agreed: moments and terms, waiting times between building blocks, and the order of questions."""

from collections.abc import Callable
from typing import Final

from flask import flash, redirect, request, url_for

from portal.catalog.agreement_codec import norm_from_data
from portal.catalog.codec import block_from_data, product_from_data
from portal.catalog.definition import BlockDefinition, CatalogueKind, ProductDefinition
from portal.catalog.exchange.queries import find_upn, suggest_upn_names, upn_name_of
from portal.catalog.queries import list_shelf
from portal.composing.agreement_edits import with_question_moved, with_waiting_times
from portal.composing.agreement_forms import (
    BlockAgreementsForm,
    ProductAgreementsForm,
    fields_of_block_agreements,
    fields_of_product_agreements,
    fields_of_waiting,
    length_data,
    waiting_form,
)
from portal.composing.editor_forms import WritingForm
from portal.composing.forms import choices_of
from portal.composing.views.editing import Trouble, keep, open_block, open_product
from portal.core.db import db
from portal.core.errors import InvalidInputError, NotFoundError
from portal.web.answers import Answer, page
from portal.web.htmx import wants_fragment
from portal.web.language import local
from portal.web.words import _

_FEW_NAMES: Final = 5


def block_agreements(code: str) -> Answer:
    """Show until when a building block can be asked for and changed."""
    draft, before = open_block(code)
    form = BlockAgreementsForm(data={**fields_of_block_agreements(before), "edition": draft.edition})
    return page("compose/block_agreements.html", form=form, before=before, trouble=None)


def save_block_agreements(code: str) -> Answer:
    """Keep until when a building block can be asked for and changed."""
    draft, before = open_block(code, for_change=True)
    form = BlockAgreementsForm()
    trouble = keep(form, draft, lambda: block_from_data(form.data_of_block(before)))
    if trouble:
        return page("compose/block_agreements.html", trouble.status, form=form, before=before, trouble=trouble)
    return _saved(CatalogueKind.BLOCKS, code)


def block_questions(code: str) -> Answer:
    """Show the questions of a building block in the order in which they are asked."""
    return _show_questions(code, WritingForm())


def move_question_up(code: str, question: str) -> Answer:
    """Ask a question before the one above it."""
    return _move_question(code, lambda block: with_question_moved(block, question, is_up=True))


def move_question_down(code: str, question: str) -> Answer:
    """Ask a question after the one below it."""
    return _move_question(code, lambda block: with_question_moved(block, question, is_up=False))


def product_agreements(code: str) -> Answer:
    """Show the terms of a product and what stands beside it."""
    draft, before = open_product(code)
    name = upn_name_of(db.session(), before.upn) if before.upn else ""
    form = ProductAgreementsForm(data={**fields_of_product_agreements(before, name), "edition": draft.edition})
    return _show_product(form, before)


def save_product_agreements(code: str) -> Answer:
    """Keep the terms of a product and what stands beside it."""
    draft, before = open_product(code, for_change=True)
    form = ProductAgreementsForm()
    _offer_names(form, before)
    if "search" in request.form:
        return _show_product(form, before, Trouble(status=422))

    def write() -> ProductDefinition:
        return product_from_data(form.data_of_product(before, _uri_of(form.chosen_name(), before)))

    trouble = keep(form, draft, write)
    return _show_product(form, before, trouble) if trouble else _saved(CatalogueKind.PRODUCTS, code)


def upn_names(code: str) -> Answer:
    """Show the uniform product names that look like what somebody types.

    :raises NotFoundError: nobody is typing.
    """
    if not wants_fragment("upn-names"):
        raise NotFoundError
    _, before = open_product(code)
    form = ProductAgreementsForm(formdata=request.args)
    _offer_names(form, before)
    return page("compose/upn_names.html", form=form)


def waiting_times(code: str) -> Answer:
    """Show how long building blocks begin after each other."""
    draft, before = open_product(code)
    form = waiting_form(before, _block_names())(data={**fields_of_waiting(before), "edition": draft.edition})
    return page("compose/waiting_times.html", form=form, product=before, trouble=None)


def save_waiting_times(code: str) -> Answer:
    """Keep how long building blocks begin after each other."""
    draft, before = open_product(code, for_change=True)
    form = waiting_form(before, _block_names())()

    def write() -> ProductDefinition:
        typed = [(name, length_data(form, name)) for name in (f"after_{at}" for at in range(len(before.dependencies)))]
        return with_waiting_times(before, [norm_from_data(length, name) if length else None for name, length in typed])

    trouble = keep(form, draft, write)
    if trouble:
        return page("compose/waiting_times.html", trouble.status, form=form, product=before, trouble=trouble)
    flash(_("The draft is saved."))
    return redirect(url_for("compose.lines", code=code), 303)


def _move_question(code: str, edit: Callable[[BlockDefinition], BlockDefinition]) -> Answer:
    draft, before = open_block(code, for_change=True)
    form = WritingForm()
    trouble = keep(form, draft, lambda: edit(before))
    return _show_questions(code, form, trouble) if trouble else redirect(url_for("compose.block_questions", code=code), 303)


def _show_questions(code: str, form: WritingForm, trouble: Trouble | None = None) -> Answer:
    draft, before = open_block(code)
    form.edition.data = draft.edition
    return page("compose/block_questions.html", trouble.status if trouble else 200, form=form, before=before, trouble=trouble)


def _show_product(form: ProductAgreementsForm, before: ProductDefinition, trouble: Trouble | None = None) -> Answer:
    session = db.session()
    others = [(one.code, local(one.newest.name)) for one in list_shelf(session, CatalogueKind.PRODUCTS) if one.code != before.code]
    form.related.choices = choices_of(sorted(others, key=lambda pair: pair[1].casefold()))
    _offer_names(form, before)
    return page("compose/product_agreements.html", trouble.status if trouble else 200, form=form, before=before, trouble=trouble)


def _offer_names(form: ProductAgreementsForm, before: ProductDefinition) -> None:
    """Offer names that look like what was typed; when nothing was, a few that look like the name of the product."""
    typed = (form.upn.data or "").strip()
    form.offer_names(suggest_upn_names(db.session(), typed) if typed else suggest_upn_names(db.session(), before.name.nl, most=_FEW_NAMES))


def _uri_of(typed: str, before: ProductDefinition) -> str | None:
    """Give the URI behind a name; one that the product has already may stay, also when the list does not hold it any more.

    :raises InvalidInputError: no name of the list is written so.
    """
    if not typed:
        return None
    found = find_upn(db.session(), typed) or (before.upn if typed == before.upn else None)
    if found is None:
        raise InvalidInputError({"upn": "unknown_upn"})
    return found


def _block_names() -> dict[str, str]:
    return {one.code: local(one.newest.name) for one in list_shelf(db.session(), CatalogueKind.BLOCKS)}


def _saved(kind: CatalogueKind, code: str) -> Answer:
    flash(_("The draft is saved."))
    return redirect(url_for("manage.detail", kind=kind.value, code=code), 303)
