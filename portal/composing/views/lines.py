"""Composing the bundles of a product: which building blocks, in which order, when, and after which others."""

from collections.abc import Callable, Mapping

from flask import flash, redirect, url_for

from portal.catalog.bundle import all_questions
from portal.catalog.codec import line_from_data
from portal.catalog.definition import BlockDefinition, CatalogueKind, ProductDefinition
from portal.catalog.queries import list_shelf, newest_blocks
from portal.composing.agreement_edits import waiting_times
from portal.composing.bundle_pages import bundle_groups
from portal.composing.editor_forms import WritingForm
from portal.composing.edits import line_at, lines_in, with_line, with_line_moved, without_line
from portal.composing.forms import choices_of
from portal.composing.pages import faults_of
from portal.composing.part_forms import LineForm, fields_of_line
from portal.composing.subjects import Subject, by_code, subjects_of
from portal.composing.views.editing import Trouble, keep, open_product
from portal.core.db import db
from portal.web.answers import Answer, page
from portal.web.language import local
from portal.web.words import _


def lines(code: str) -> Answer:
    """Show the bundles of a product with their lines."""
    return _show_all(code, WritingForm())


def line(code: str, group: str, at: int) -> Answer:
    """Show a line to be changed."""
    draft, before = open_product(code)
    known = newest_blocks(db.session(), before.block_codes())
    subjects = subjects_of(before, all_questions(list(known.values())))
    form = LineForm(data={**fields_of_line(before, line_at(before, group, at), subjects), "edition": draft.edition})
    return _show(form, before, group, at)


def save_line(code: str, group: str, at: int) -> Answer:
    """Keep what was changed in a line."""
    return _save(code, group, at)


def new_line(code: str, group: str) -> Answer:
    """Show the form of a new line."""
    draft, before = open_product(code)
    lines_in(before, group)
    return _show(LineForm(data={"edition": draft.edition, "need": "optional", "chosen": True}), before, group, None)


def create_line(code: str, group: str) -> Answer:
    """Put a building block in a bundle."""
    return _save(code, group, None)


def move_line_up(code: str, group: str, at: int) -> Answer:
    """Put a line before the one above it."""
    return _change(code, lambda before: with_line_moved(before, group, at, is_up=True))


def move_line_down(code: str, group: str, at: int) -> Answer:
    """Put a line after the one below it."""
    return _change(code, lambda before: with_line_moved(before, group, at, is_up=False))


def remove_line(code: str, group: str, at: int) -> Answer:
    """Take a building block out of a bundle."""
    return _change(code, lambda before: without_line(before, group, at))


def _change(code: str, edit: Callable[[ProductDefinition], ProductDefinition]) -> Answer:
    draft, before = open_product(code, for_change=True)
    form = WritingForm()
    trouble = keep(form, draft, lambda: edit(before))
    return _show_all(code, form, trouble) if trouble else redirect(url_for("compose.lines", code=code), 303)


def _save(code: str, group: str, at: int | None) -> Answer:
    draft, before = open_product(code, for_change=True)
    form, earlier = LineForm(), None if at is None else line_at(before, group, at)
    _offer(form, before, group, at)

    def write() -> ProductDefinition:
        written = line_from_data(form.data_of_line(earlier), "")
        return with_line(before, group, at, written, form.dependencies_of_line(waiting_times(before)))

    trouble = keep(form, draft, write)
    if trouble:
        return _show(form, before, group, at, trouble)
    flash(_("The draft is saved."))
    return redirect(url_for("compose.lines", code=code), 303)


def _show_all(code: str, form: WritingForm, trouble: Trouble | None = None) -> Answer:
    draft, product = open_product(code)
    form.edition.data = draft.edition
    names = {one.code: one.newest.name for one in list_shelf(db.session(), CatalogueKind.BLOCKS)}
    groups = bundle_groups(product, names, _subjects(product))
    status = trouble.status if trouble else 200
    return page(
        "compose/lines.html", status, form=form, product=product, groups=groups, faults=faults_of(db.session(), draft), trouble=trouble
    )


def _show(form: LineForm, product: ProductDefinition, group: str, at: int | None, trouble: Trouble | None = None) -> Answer:
    _offer(form, product, group, at)
    template = "compose/new_line.html" if at is None else "compose/line.html"
    return page(template, trouble.status if trouble else 200, form=form, product=product, group=group, at=at, trouble=trouble)


def _offer(form: LineForm, product: ProductDefinition, group: str, at: int | None) -> None:
    names = {one.code: local(one.newest.name) for one in list_shelf(db.session(), CatalogueKind.BLOCKS)}
    own = None if at is None else line_at(product, group, at)
    form.block.choices = choices_of(sorted(names.items(), key=lambda pair: pair[1].casefold()))
    others = [(code, names.get(code, code)) for code in product.block_codes() if own is None or code != own.block]
    form.needs.choices, form.later.choices = choices_of(others), choices_of(others)
    questions = all_questions(list(_blocks(product).values()))
    form.offer_subjects(subjects_of(product, questions), own.when if own else None)


def _blocks(product: ProductDefinition) -> Mapping[str, BlockDefinition]:
    return newest_blocks(db.session(), product.block_codes())


def _subjects(product: ProductDefinition) -> Mapping[str, Subject]:
    return by_code(subjects_of(product, all_questions(list(_blocks(product).values()))))
