"""Signing in and out, and choosing a language."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.clock import utc_now
from portal.core.db import db, separate_transaction
from portal.core.errors import InvalidInputError
from portal.people.actions import add_substitute, count_sign_in, remove_substitute, set_language
from portal.people.actions import sign_in as check_sign_in
from portal.people.forms import DeputyForm, LanguageForm, RemoveForm, SignInForm
from portal.people.labels import DEPUTY_FAULTS
from portal.people.queries import list_cost_centres, list_one_per_role, list_persons_named, list_substitutes
from portal.people.session import begin_session, current_person, end_session, find_current_person
from portal.web.answers import Answer, page
from portal.web.application import this_app
from portal.web.forms import repeatable
from portal.web.language import LANGUAGES

blueprint: Final = Blueprint("people", __name__)


@blueprint.get("/sign-in")
def sign_in() -> Answer:
    """Show the sign-in page."""
    return _sign_in_page(SignInForm(request.args))


@blueprint.post("/sign-in")
@repeatable
def create_session() -> Answer:
    """Sign in and go to the page that was asked for."""
    form = SignInForm()
    with separate_transaction() as attempts:
        stored = count_sign_in(session=attempts, username=form.username.data or "", address=request.remote_addr or "", at=utc_now())
    if not form.validate():
        return _sign_in_page(form, 422)
    try:
        person = check_sign_in(session=db.session(), username=form.username.data or "", password=form.password.data or "", stored=stored)
    except InvalidInputError:
        form.add_errors({"password": _("This user name and password do not belong together. Try again.")})
        return _sign_in_page(form, 422)
    begin_session(person)
    return redirect(_local_address(form.next.data), 303)


@blueprint.post("/sign-out")
@repeatable
def sign_out() -> Response:
    """Sign out."""
    end_session()
    flash(_("You are signed out."))
    return redirect(url_for("search.home"), 303)


@blueprint.post("/language")
@repeatable
def choose_language() -> Response:
    """Choose the language of the pages; a person who is signed in gets mail in it too."""
    form = LanguageForm()
    if form.language.data in LANGUAGES:
        session["language"] = form.language.data
        if person := find_current_person():
            set_language(person=person, language=form.language.data)
    return redirect(_local_address(form.next.data), 303)


@blueprint.get("/manage/cost-centres")
def cost_centres() -> Answer:
    """Show where costs are booked, and who answers for each budget."""
    return page("people/cost_centres.html", centres=list_cost_centres(db.session()))


@blueprint.get("/account/deputy")
def deputy() -> Answer:
    """Show who stands in for oneself, and ask for another."""
    return _deputy_page(DeputyForm(formdata=None, from_on=_today()))


@blueprint.post("/account/deputy")
def add_deputy() -> Answer:
    """Let a colleague stand in for oneself."""
    form = DeputyForm()
    found = list_persons_named(db.session(), form.deputy.data or "")
    if not _names_one(form, found):
        return _deputy_page(form, 422)
    try:
        _let_stand_in(form, found[0])
    except InvalidInputError as invalid:
        form.add_errors({name: DEPUTY_FAULTS[code] for name, code in invalid.errors.items()})
        return _deputy_page(form, 422)
    flash(_("Your deputy gets the same mail as you, and answers on your behalf."))
    return redirect(url_for("people.deputy"), 303)


@blueprint.post("/account/deputy/<int:substitute_id>/removal")
def remove_deputy(substitute_id: int) -> Response:
    """Let a colleague not stand in any more."""
    remove_substitute(session=db.session(), person=current_person(), substitute_id=substitute_id)
    flash(_("This colleague does not stand in for you any more."))
    return redirect(url_for("people.deputy"), 303)


def _names_one(form: DeputyForm, found: Sequence[int]) -> bool:
    """Check the form, and that it names one colleague; all that is wrong is told at once."""
    is_right = bool(form.validate())
    if form.deputy.errors or len(found) == 1:
        return is_right
    form.add_errors({"deputy": _("We do not find one colleague with this name. Fill in the e-mail address.")})
    return False


def _let_stand_in(form: DeputyForm, deputy_id: int) -> None:
    first, last = form.days()
    add_substitute(session=db.session(), person=current_person(), deputy_id=deputy_id, from_on=first, until_on=last, today=_today())


def _deputy_page(form: DeputyForm, status: int = 200) -> Answer:
    substitutes = list_substitutes(db.session(), current_person().id, today=_today())
    return page("people/deputy.html", status, form=form, substitutes=substitutes, remove_form=RemoveForm(formdata=None))


def _today() -> date:
    return utc_now().astimezone(this_app().settings.tz).date()


def _sign_in_page(form: SignInForm, status: int = 200) -> Answer:
    """Render the sign-in page; the demo shows whom to sign in as."""
    accounts = list_one_per_role(db.session()) if this_app().settings.mode == "demo" else ()
    return page("people/sign_in.html", status, form=form, accounts=accounts)


def _local_address(address: str | None) -> str:
    """Give the address when it lies on this site, else the front page."""
    parts = urlsplit(address or "")
    is_local = not parts.scheme and not parts.netloc and parts.path.startswith("/") and not parts.path.startswith(("//", "/\\"))
    return address if address and is_local else url_for("search.home")
