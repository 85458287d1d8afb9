"""Following a request: the list of requests, the page of one, and the customer's answer."""

from collections.abc import Mapping, Sequence
from typing import Final

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.journal import JournalEntry
from portal.people.models import Person
from portal.people.queries import names_of
from portal.people.session import current_actor, current_person
from portal.planning.queries import load_calendars
from portal.requests.actions.reopening import can_reopen
from portal.requests.approval_pages import approval_lines, load_approval_lines, people_of
from portal.requests.cost_pages import costs_of_request
from portal.requests.feedback.pages import rating_panel
from portal.requests.follow_forms import AnswerForm
from portal.requests.labels import state_sentence, turn_sentence
from portal.requests.models import Request
from portal.requests.ordering.actions.submission import find_tracking_code
from portal.requests.ordering.queries import list_drafts
from portal.requests.ordering.several.queries import count_together
from portal.requests.ordering.several_pages import together_with
from portal.requests.pages import answer_rows, history_lines, plan_lines, plan_picture, request_rows
from portal.requests.policy import SEES_ALL, is_customer, may_answer_question, may_cancel_request, may_reopen_request
from portal.requests.projection import project_dates
from portal.requests.promises.pages import shown_promises
from portal.requests.promises.policy import may_make_promise
from portal.requests.promises.queries import list_promises
from portal.requests.queries import Scope, find_open_question, get_request_for, list_history, page_of_requests
from portal.requests.talk.actions import answer_customer_question
from portal.requests.talk.pages import answer_files, load_talk
from portal.requests.why_pages import load_why, words_about_dates
from portal.web.answers import Answer, page
from portal.web.application import this_app
from portal.web.uploads import takes_files

blueprint: Final = Blueprint("requests", __name__)


@blueprint.get("/requests")
def overview() -> Answer:
    """Show one's own requests, running or finished; who may see all can look at all."""
    person = current_person()
    scope = Scope.ALL if request.args.get("scope") == Scope.ALL and person.roles & SEES_ALL else Scope.MINE
    is_open = request.args.get("state") != "closed"
    found = page_of_requests(db.session(), by=person, scope=scope, is_open=is_open, after=request.args.get("after"))
    drafts = list_drafts(db.session(), by=person) if scope is Scope.MINE and is_open and found.is_first else []
    together = count_together(db.session(), found.rows)
    rows, sees_all = request_rows(found.rows, now=utc_now(), reader=person, together=together), bool(person.roles & SEES_ALL)
    return page("requests/overview.html", rows=rows, found=found, drafts=drafts, scope=scope, is_open=is_open, sees_all=sees_all)


@blueprint.get("/requests/<number>")
def detail(number: str) -> Answer:
    """Show one request: where it stands, when it is done, and what is expected from you."""
    return _show(get_request_for(db.session(), by=current_person(), number=number))


@blueprint.get("/requests/<number>/why")
def why(number: str) -> Answer:
    """Show why the request has its date: the longest chain, the days that do not count, and every shift with its reason."""
    now, zone = utc_now(), this_app().settings.tz
    shown = get_request_for(db.session(), by=current_person(), number=number)
    about = load_why(db.session(), shown, now=now, zone=zone)
    return page("requests/why.html", shown=shown, sentence=state_sentence(shown), about=about)


@blueprint.get("/requests/<number>/confirmation")
def confirmation(number: str) -> Answer:
    """Show what was just submitted: number, code, dates, and what happens next."""
    person = current_person()
    shown = get_request_for(db.session(), by=person, number=number)
    if not is_customer(person, shown):
        raise NotFoundError
    secret = this_app().settings.secret_key
    together = together_with(db.session(), shown, reader=person, secret=secret)
    return page(
        "requests/confirmation.html",
        shown=shown,
        together=together if together and len(together.rows) > 1 else None,
        code=find_tracking_code(request=shown, secret=secret),
        sentence=turn_sentence(shown),
        lines=[*approval_lines(shown), *plan_lines(shown)],
    )


@blueprint.post("/requests/<number>/answers")
@takes_files
def answer_question(number: str) -> Answer:
    """Answer the question that stands open; the department goes on by itself."""
    person, form = current_person(), AnswerForm()
    shown = get_request_for(db.session(), by=person, number=number, for_change=True)
    task = find_open_question(shown)
    if task is None:
        return _show(shown, 409, answer_form=form, conflict=_("This question was answered already. Nothing was sent."))
    if not form.validate():
        return _show(shown, 422, answer_form=form)
    answer_customer_question(
        session=db.session(),
        task=task,
        person=person,
        by=current_actor(),
        at=utc_now(),
        zone=this_app().settings.tz,
        text=form.text.data or "",
        files=form.checked_files,
    )
    flash(_("Thank you. Your answer was sent on, and the work continues."))
    return _back_to(number)


def _show(
    shown: Request,
    status: int = 200,
    *,
    answer_form: AnswerForm | None = None,
    conflict: str | None = None,
) -> Answer:
    """Render the page of one request for the person who is signed in."""
    person, session, zone, now = current_person(), db.session(), this_app().settings.tz, utc_now()
    sees_all = is_customer(person, shown) or bool(person.roles & SEES_ALL)
    entries, today = list_history(session, shown, public_only=not sees_all), now.astimezone(zone).date()
    names = names_of(session, _people_in(shown, entries))
    question, calendars = find_open_question(shown), load_calendars(session, zone)
    projection = project_dates(shown, calendars=calendars, at=now, zone=zone)
    talk = load_talk(session, shown, person, entries=entries, names=names)
    return page(
        "requests/detail.html",
        status,
        shown=shown,
        conflict=conflict,
        sentence=state_sentence(shown),
        projection=projection,
        waits_for_you=question is not None,
        lines=[*load_approval_lines(session, shown, names=names if sees_all else None, today=today), *plan_lines(shown)],
        costs=costs_of_request(shown),
        picture=plan_picture(shown, now=now, zone=zone),
        **words_about_dates(shown, calendars=calendars, entries=entries, now=now, zone=zone, why_url=_why_url(shown)),
        history=history_lines(entries, names=names if sees_all else None),
        question=question if question and may_answer_question(person, question) else None,
        **_of_whom(shown, names, person),
        code=find_tracking_code(request=shown, secret=this_app().settings.secret_key) if sees_all else None,
        answers=answer_rows(shown, files=answer_files(talk.files, number=shown.number)) if sees_all else [],
        talk=talk,
        promises=shown_promises(list_promises(session, shown), with_text=sees_all),
        **_after_the_end(shown, person),
        may_promise=may_make_promise(person, shown, [task.department_id for task in shown.tasks]),
        answer_form=answer_form or AnswerForm(formdata=None),
        may_change=may_cancel_request(person, shown),
    )


def _of_whom(shown: Request, names: Mapping[int, str], person: Person) -> dict[str, object]:
    """Give who sent it in, and for whom it was asked in the same go."""
    return {"submitted_by": names[shown.submitted_by_id], "together": together_with(db.session(), shown, reader=person)}


def _after_the_end(shown: Request, person: Person) -> dict[str, object]:
    """Give what a customer can do when it is done: say how it went, and open it again."""
    now, number = utc_now(), shown.number
    is_open_to = may_reopen_request(person, shown) and can_reopen(request=shown, at=now)
    return {
        "panel": rating_panel(db.session(), shown, person=person, url=url_for("rating.rate_signed_in", number=number), at=now),
        "reopen_url": url_for("reopening.new", number=number) if is_open_to else None,
    }


def _people_in(shown: Request, entries: Sequence[JournalEntry]) -> set[int]:
    """Give the ids of everybody who is named on the page."""
    acted = {one for entry in entries for one in (entry.actor_id, entry.on_behalf_of_id) if one}
    return acted | people_of(shown) | {shown.submitted_by_id}


def _why_url(shown: Request) -> str:
    return url_for("requests.why", number=shown.number)


def _back_to(number: str) -> Response:
    return redirect(url_for("requests.detail", number=number), 303)
