"""Writing the texts and the place of a product, and beginning one as a copy."""

from flask import flash, redirect, url_for

from portal.catalog.bundle import all_questions
from portal.catalog.codec import product_from_data
from portal.catalog.definition import CatalogueKind, ProductDefinition, QuestionKind
from portal.catalog.drafting import begin_new
from portal.catalog.queries import list_versions, newest_blocks
from portal.composing.editor_forms import CopyForm, ProductForm, fields_of_product
from portal.composing.forms import choices_of
from portal.composing.views.editing import Trouble, keep, open_product
from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import InvalidInputError
from portal.people.audience import Belonging, token
from portal.people.queries import list_departments, list_functions, list_locations
from portal.people.session import current_actor
from portal.web.answers import Answer, page
from portal.web.language import local
from portal.web.words import _


def product(code: str) -> Answer:
    """Show the draft of a product to be changed."""
    draft, before = open_product(code)
    form = ProductForm(data={**fields_of_product(before), "edition": draft.edition})
    return _show(form, before)


def save_product(code: str) -> Answer:
    """Keep what was changed in a product."""
    draft, before = open_product(code, for_change=True)
    form = ProductForm()
    trouble = keep(form, draft, lambda: product_from_data(form.data_of_product(before)))
    if trouble:
        return _show(form, before, trouble)
    flash(_("The draft is saved."))
    return _to_page(code)


def new_product() -> Answer:
    """Show the form of a new product."""
    usual = {"kind": "single", "tier": "basic", "level": "operational", "audience": ["employee"], "icon": "desk"}
    return _show(ProductForm(data=usual), None)


def create_product() -> Answer:
    """Begin a new product as a draft; its building blocks come after that."""
    form = ProductForm()
    if not form.validate_new():
        return _show(form, None, Trouble(status=422))
    try:
        written = product_from_data(form.data_of_product(None))
        begin_new(session=db.session(), definition=written, by=current_actor(), at=utc_now())
    except InvalidInputError as invalid:
        return _show(form, None, Trouble(status=422, faults=form.show_faults(invalid.errors)))
    flash(_("The draft is saved. Now put building blocks in it."))
    return redirect(url_for("compose.lines", code=written.code), 303)


def copy(code: str) -> Answer:
    """Ask what a copy of a product is called."""
    source = list_versions(db.session(), CatalogueKind.PRODUCTS, code)[0]
    return page("compose/copy.html", form=CopyForm(), source=source, trouble=None)


def create_copy(code: str) -> Answer:
    """Begin a new product as a copy of another."""
    session, form = db.session(), CopyForm()
    source = list_versions(session, CatalogueKind.PRODUCTS, code)[0]
    if not form.validate_new():
        return page("compose/copy.html", 422, form=form, source=source, trouble=Trouble(status=422))
    data = {**source.definition, "code": (form.code.data or "").strip(), "name": form.text("name")}
    try:
        begin_new(session=session, definition=product_from_data(data), by=current_actor(), at=utc_now())
    except InvalidInputError as invalid:
        trouble = Trouble(status=422, faults=form.show_faults(invalid.errors))
        return page("compose/copy.html", 422, form=form, source=source, trouble=trouble)
    flash(_("The copy is a draft. Change what is different."))
    return _to_page(data["code"])


def _show(form: ProductForm, before: ProductDefinition | None, trouble: Trouble | None = None) -> Answer:
    blocks = newest_blocks(db.session(), before.block_codes()) if before else {}
    questions = all_questions(list(blocks.values()))
    _offer_audience(form)
    form.owner.choices = choices_of((one.code, local(one.name)) for one in list_departments(db.session()))
    dates = [(one.code, local(one.label)) for one in questions if one.kind is QuestionKind.DATE]
    form.wished_date.choices = choices_of([("", _("Nobody asks for a date")), *dates])
    template = "compose/product.html" if before else "compose/new_product.html"
    return page(template, trouble.status if trouble else 200, form=form, before=before, trouble=trouble)


def _offer_audience(form: ProductForm) -> None:
    """Offer the parts of the organisation for which a product can be."""
    session = db.session()
    for field, kind, named in (
        (form.audience_departments, Belonging.DEPARTMENT, list_departments(session)),
        (form.audience_functions, Belonging.FUNCTION, list_functions(session)),
        (form.audience_locations, Belonging.LOCATION, list_locations(session)),
    ):
        field.choices = choices_of((token(kind, one.code), local(one.name)) for one in named)


def _to_page(code: str) -> Answer:
    return redirect(url_for("manage.detail", kind=CatalogueKind.PRODUCTS.value, code=code), 303)
