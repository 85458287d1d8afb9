"""One order for more people at once: adding them, and filling in what differs per person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response

from portal.catalog.definition import Question
from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import InvalidInputError
from portal.people.models import Person
from portal.people.queries import persons_by_name, search_persons
from portal.people.rules import MOST_NAME
from portal.requests.ordering import pages
from portal.requests.ordering.actions.drafts import touch
from portal.requests.ordering.actions.others import add_others, remove_other, settle_other
from portal.requests.ordering.content import OrderContent
from portal.requests.ordering.models import OrderDraft
from portal.requests.ordering.pages import Stage
from portal.requests.ordering.several.models import FurtherBeneficiary
from portal.requests.ordering.several.queries import Several, Share, list_others, load_several
from portal.requests.ordering.several.rules import MOST_PERSONS
from portal.requests.ordering.several_forms import OthersForm, build_other_form
from portal.requests.ordering.several_pages import PersonPart, others_url
from portal.requests.ordering.views.steps import (
    SubmittedError,
    context_of,
    lead_to_request,
    load_order,
    load_places,
)
from portal.requests.questions.fields import FieldContext
from portal.requests.questions.form import field_name
from portal.requests.questions.person import LEAST_SEARCH, about_person
from portal.web.answers import Answer, page
from portal.web.words import _, ngettext

blueprint: Final = Blueprint("others", __name__)
FIRST_NUMBER: Final = 2  # the first person stands on the order itself
blueprint.register_error_handler(SubmittedError, lead_to_request)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The order of which the page is shown."""

    draft: OrderDraft
    content: OrderContent
    several: Several
    context: FieldContext


@blueprint.get("/order/<code>/<token>/others")
def overview(code: str, token: str) -> Answer:
    """Show who else the order is for, and what differs for each of them."""
    draft, content = load_order(code, token)
    if pages.next_step(draft, content) != "check":
        return redirect(pages.next_url(draft, content), 303)
    return _show(_sheet(draft, content), OthersForm(formdata=None))


@blueprint.post("/order/<code>/<token>/others")
def save(code: str, token: str) -> Answer:
    """Keep what was filled in; whoever was added or taken off is on the page that follows."""
    draft, content = load_order(code, token, for_change=True)
    if pages.next_step(draft, content) != "check":
        return redirect(pages.next_url(draft, content), 303)
    return _save(_sheet(draft, content))


def _save(sheet: Sheet) -> Answer:
    """Do what was pressed: look for a colleague, take a person off, or keep and add."""
    form, shares = _posted_form(), [_settled(sheet, other) for other in list_others(db.session(), sheet.draft)]
    _bind(form, sheet, shares, is_strict="add" not in request.form and "remove" not in request.form)
    if form.version.data != str(sheet.draft.version):
        return _show(sheet, form, HTTPStatus.CONFLICT)
    if "search" in request.form:
        return _show(sheet, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    checked = [one.validate() for one in form.forms.values()]  # each of them: the page shows all that is wrong
    if "remove" in request.form:
        return _remove(sheet, form, is_valid=all(checked))
    return _keep(sheet, form, shares, is_valid=all(checked))


def _remove(sheet: Sheet, form: OthersForm, *, is_valid: bool) -> Answer:
    """Take a person off; what was filled in for the others stays."""
    chosen = request.form.get("remove", type=int)
    remove_other(session=db.session(), draft=sheet.draft, other_id=chosen or 0, at=utc_now())
    form.forms = {key: one for key, one in form.forms.items() if key != chosen}
    return redirect(others_url(sheet.draft), 303) if is_valid and not form.people() else _show(sheet, form)


def _keep(sheet: Sheet, form: OthersForm, shares: Sequence[Share], *, is_valid: bool) -> Answer:
    """Keep the answers and add who was named; the page comes back until nothing is missing."""
    draft, is_adding = sheet.draft, "add" in request.form
    if not form.validate() or not (is_valid or is_adding) or (is_adding and form.names_nobody()):
        return _show(sheet, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        added = _add(sheet, form)
    except InvalidInputError as error:
        form.show_refusal(error.errors, there=_names_there(sheet))
        return _show(sheet, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    touch(draft=draft, at=utc_now())
    if not is_valid:
        form.clear_added()
        return _show(sheet, form)
    return _go_on(sheet, form, shares, added)


def _go_on(sheet: Sheet, form: OthersForm, shares: Sequence[Share], added: Sequence[FurtherBeneficiary]) -> Response:
    """Lead to who was added, to questions that nobody saw yet, or back to the check."""
    unseen = {share.key: codes for share in shares if (codes := _unseen(form, share))}
    incomplete = [other for other in added if not sheet.several.share_of(other).is_complete]
    if added and (incomplete or "add" in request.form):
        return redirect(others_url(sheet.draft, added[0].id), 303)
    if unseen and "add" not in request.form:
        number = sum(len(codes) for codes in unseen.values())
        flash(ngettext("Your answers lead to one more question.", "Your answers lead to %(num)d more questions.", number), "info")
        return redirect(others_url(sheet.draft, next(iter(unseen))), 303)
    return redirect(others_url(sheet.draft) if "add" in request.form else pages.step_url(sheet.draft, "check"), 303)


def _add(sheet: Sheet, form: OthersForm) -> Sequence[FurtherBeneficiary]:
    """Add who was named, and say which of them are colleagues."""
    added = add_others(session=db.session(), several=sheet.several, people=form.people(), at=utc_now())
    _tell_recognised(form.recognised())
    return added


def _tell_recognised(people: Sequence[Person]) -> None:
    """Say which of the names that were written are of colleagues, and what to do when somebody else is meant."""
    if not people:
        return
    shown = [f"{one.name} ({about})" if (about := about_person(one)) else one.name for one in people]
    told = _(
        "Recognised as a colleague: %(people)s. Do you mean somebody else? Take that person off, and add the name with an initial.",
        people="; ".join(shown),
    )
    flash(told, "info")


def _sheet(draft: OrderDraft, content: OrderContent) -> Sheet:
    several = load_several(db.session(), draft, content)
    return Sheet(draft=draft, content=content, several=several, context=context_of(load_places()))


def _posted_form() -> OthersForm:
    form = OthersForm()
    text = form.colleague.data or ""
    form.offer("colleague", search_persons(db.session(), text[:MOST_NAME]) if len(text) >= LEAST_SEARCH else ())
    form.meant = persons_by_name(db.session(), frozenset(form.written()[:MOST_PERSONS]))
    return form


def _settled(sheet: Sheet, other: FurtherBeneficiary) -> Share:
    """Keep the answers of one person that are in order."""

    def read(questions: Sequence[Question]) -> Mapping[str, Any]:
        form = build_other_form(other.id, questions, context=sheet.context, answers={}, posted=request.form, shown=())
        form.validate()
        return {code: answer for code, answer in form.answers().items() if not form[field_name(code)].errors}

    return settle_other(several=sheet.several, other=other, read=read)


def _bind(form: OthersForm, sheet: Sheet, shares: Sequence[Share], *, is_strict: bool) -> None:
    """Give each person the form as it was sent; only who goes on must have answered all that was shown."""
    forms = {}
    for share in shares:
        shown = request.form.get(f"person-{share.key}-shown", "").split() if is_strict else ()
        forms[share.key] = build_other_form(share.key, share.asked, context=sheet.context, answers={}, posted=request.form, shown=shown)
    form.forms = forms


def _show(sheet: Sheet, form: OthersForm, status: int = 200) -> Answer:
    """Show the page; people without a form as it was sent get one with what is kept."""
    parts = [_part(sheet, form, number, other) for number, other in enumerate(list_others(db.session(), sheet.draft), start=FIRST_NUMBER)]
    form.forms, form.titles = {part.key: part.form for part in parts}, {part.key: part.name for part in parts}
    form.prepare_page(version=sheet.draft.version)
    return page(
        "others/overview.html",
        status,
        draft=sheet.draft,
        content=sheet.content,
        stages=pages.stage_links(sheet.draft, sheet.content, Stage.CHECK),
        form=form,
        persons=parts,
        people=pages.people_rows(sheet.draft, sheet.draft.person_id),
        back_url=pages.step_url(sheet.draft, "check"),
        others_url=others_url(sheet.draft),
        is_full=1 + len(parts) >= MOST_PERSONS,
        is_stale=status == HTTPStatus.CONFLICT,
    )


def _part(sheet: Sheet, form: OthersForm, number: int, other: FurtherBeneficiary) -> PersonPart:
    share = sheet.several.share_of(other)
    kept = form.forms.get(other.id) or build_other_form(other.id, share.asked, context=sheet.context, answers=other.answers)
    if number > FIRST_NUMBER:
        kept.hide_help()
    return PersonPart(key=other.id, number=number, name=share.name, form=kept, is_apart=share.is_apart)


def _unseen(form: OthersForm, share: Share) -> list[str]:
    shown = form.forms[share.key].shown_codes()
    return [question.code for question in share.asked if question.code not in shown]


def _names_there(sheet: Sheet) -> list[str]:
    """List the names on the order of who is not in the portal."""
    people: list[OrderDraft | FurtherBeneficiary] = [sheet.draft, *list_others(db.session(), sheet.draft)]
    return [one.beneficiary_name for one in people if one.beneficiary_id is None]
