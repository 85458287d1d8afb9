"""Signing in and out, and choosing a language."""

from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.clock import utc_now
from portal.core.db import db, separate_transaction
from portal.core.errors import InvalidInputError
from portal.people.actions import count_sign_in, set_language
from portal.people.actions import sign_in as check_sign_in
from portal.people.forms import LanguageForm, SignInForm
from portal.people.queries import list_cost_centres, list_one_per_role
from portal.people.session import begin_session, end_session, find_current_person
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
        count_sign_in(session=attempts, username=form.username.data or "", address=request.remote_addr or "", at=utc_now())
    if not form.validate():
        return _sign_in_page(form, 422)
    try:
        person = check_sign_in(session=db.session(), username=form.username.data or "", password=form.password.data or "")
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


def _sign_in_page(form: SignInForm, status: int = 200) -> Answer:
    """Render the sign-in page; the demo shows whom to sign in as."""
    accounts = list_one_per_role(db.session()) if this_app().settings.mode == "demo" else ()
    return page("people/sign_in.html", status, form=form, accounts=accounts)


def _local_address(address: str | None) -> str:
    """Give the address when it lies on this site, else the front page."""
    parts = urlsplit(address or "")
    is_local = not parts.scheme and not parts.netloc and parts.path.startswith("/") and not parts.path.startswith(("//", "/\\"))
    return address if address and is_local else url_for("search.home")
