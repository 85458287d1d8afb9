"""Ordering: for whom, the choice tree, the details, the check with the plan, and submitting."""

from contextlib import suppress
from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, request, url_for

from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import ConflictError, InvalidInputError, NotFoundError
from portal.people.session import current_person
from portal.requests.ordering import pages
from portal.requests.ordering.actions.drafts import (
    answer_choice,
    begin_draft,
    change_people,
    check_version,
    choose_cost_centre,
    choose_day,
    choose_lines,
    keep_details,
)
from portal.requests.ordering.actions.drafts import delete_draft as throw_away
from portal.requests.ordering.content import load_content
from portal.requests.ordering.forms import ChoiceForm, CostCentreForm, DayForm, DeleteForm, LinesForm, SubmitForm, people_data
from portal.requests.ordering.pages import Stage
from portal.requests.ordering.several.queries import load_shares
from portal.requests.ordering.several_pages import others_url
from portal.requests.ordering.views.check import show_check, submit_as_shown
from portal.requests.ordering.views.steps import (
    SubmittedError,
    context_of,
    find_asked,
    last_question_url,
    lead_to_request,
    load_draft,
    load_offer,
    load_order,
    load_places,
    may_be_asked,
    read_details,
    show_choice,
    show_details,
    show_start,
    show_step,
)
from portal.requests.questions.form import PREFIX, build_question_form, field_name, read_person
from portal.web.answers import Answer, page
from portal.web.application import this_app
from portal.web.forms import repeatable
from portal.web.htmx import wants_fragment
from portal.web.uploads import takes_files
from portal.web.words import _, ngettext

blueprint: Final = Blueprint("order", __name__)
blueprint.register_error_handler(SubmittedError, lead_to_request)


@blueprint.get("/order/<code>")
def start(code: str) -> Answer:
    """Ask for whom it is, and show the orders of this product that were begun."""
    version, form = load_offer(code)
    for name in form.searches():
        if wants_fragment(f"{name}-matches"):
            return page("order/_matches.html", form=form, name=name)
    return show_start(version, form)


@blueprint.get("/colleagues/<name>")
def colleagues(name: str) -> Answer:
    """Show whom a text can mean, while somebody answers a question with a colleague."""
    if PREFIX not in name or not wants_fragment(f"{name}-matches"):
        raise NotFoundError
    return page("order/colleagues.html", field=read_person(name, request.args, context_of({})))


@blueprint.post("/order/<code>/drafts")
def create_draft(code: str) -> Answer:
    """Begin an order, or change for whom it is; a search only shows whom it finds."""
    version, form = load_offer(code)
    if "search" in request.form or not (form.validate() and may_be_asked(version, form)):
        return show_start(version, form, 422)
    person, session = current_person(), db.session()
    if form.draft.data:
        draft = load_draft(code, form.draft.data, for_change=True)
        try:
            change_people(session=session, draft=draft, person=person, people=form.people(person), at=utc_now())
        except InvalidInputError:
            form.add_errors({"for_whom": _("This person is on this request already, under “Also for others”. Remove them there first.")})
            return show_start(version, form, 422)
    else:
        draft = begin_draft(session=session, version=version, person=person, people=form.people(person), at=utc_now())
    return redirect(pages.next_url(draft, load_content(session, draft)), 303)


@blueprint.get("/order/<code>/<token>/choice")
def choice(code: str, token: str) -> Answer:
    """Ask one question of the choice tree: the one in the address, else the first that is open."""
    draft, content = load_order(code, token)
    asked = find_asked(draft, content.definition.tree, request.args.get("question"))
    if asked is None:
        return redirect(pages.next_url(draft, content), 303)
    return show_choice(draft, content, asked, ChoiceForm(data={"answer": draft.tree_answers.get(asked.code)}))


@blueprint.post("/order/<code>/<token>/choice")
@repeatable
def save_choice(code: str, token: str) -> Answer:
    """Keep the answer to one question and go on."""
    draft, content = load_order(code, token, for_change=True)
    form = ChoiceForm()
    asked = find_asked(draft, content.definition.tree, form.question.data)
    if asked is None:
        raise NotFoundError
    if not form.ask(asked).validate():
        return show_choice(draft, content, asked, form, 422)
    answer_choice(draft=draft, definition=content.definition, question=asked.code, answer=form.answer.data, at=utc_now())
    return redirect(pages.next_url(draft, load_content(db.session(), draft)), 303)


@blueprint.get("/order/<code>/<token>/elsewhere")
def elsewhere(code: str, token: str) -> Answer:
    """Say that another product fits, and lead there."""
    draft, content = load_order(code, token)
    if content.outcome is None or content.outcome.go_to is None:
        return redirect(pages.next_url(draft, content), 303)
    other, form = load_offer(content.outcome.go_to, people_data(draft))
    return show_step("elsewhere", draft, content, Stage.CHOICE, other=other, form=form, back_url=last_question_url(draft, content))


@blueprint.get("/order/<code>/<token>/article")
def article(code: str, token: str) -> Answer:
    """Give the article that answers the question, so that nothing has to be asked for."""
    draft, content = load_order(code, token)
    if content.outcome is None or content.outcome.article is None:
        return redirect(pages.next_url(draft, content), 303)
    back_url, desk_mail = last_question_url(draft, content), this_app().settings.desk_mail
    return show_step("article", draft, content, Stage.CHOICE, back_url=back_url, desk_mail=desk_mail, delete_form=DeleteForm())


@blueprint.get("/order/<code>/<token>/details")
def details(code: str, token: str) -> Answer:
    """Ask what is not known yet, each thing once."""
    draft, content = load_order(code, token)
    if pages.next_step(draft, content) in pages.BEFORE_DETAILS or not content.questions:
        return redirect(pages.next_url(draft, content), 303)
    places = load_places()
    form = build_question_form(content.questions, context=context_of(places), answers=content.answers)
    return show_details(draft, content, form, places)


@blueprint.post("/order/<code>/<token>/details")
@repeatable
@takes_files
def save_details(code: str, token: str) -> Answer:
    """Keep the details; when an answer brings new questions, show those first."""
    draft, places = load_draft(code, token, for_change=True), load_places()
    content, form, uploads = read_details(draft, places)
    is_stale = form.version.data != str(draft.version)
    if is_stale or "search" in request.form or not form.validate():
        # A file that was sent is kept although something else is wrong: browsers do not send it again by themselves.
        wrong = HTTPStatus.OK if uploads.is_new else HTTPStatus.UNPROCESSABLE_ENTITY
        return show_details(draft, content, form, places, HTTPStatus.CONFLICT if is_stale else wrong)
    unseen = [question.code for question in content.questions if question.code not in form.shown_codes()]
    keep_details(draft=draft, is_complete=not unseen, at=utc_now())
    if not unseen:
        return redirect(pages.next_url(draft, content), 303)
    flash(ngettext("Your answers lead to one more question.", "Your answers lead to %(num)d more questions.", len(unseen)), "info")
    return redirect(pages.step_url(draft, "details", anchor=field_name(unseen[0])), 303)


@blueprint.get("/order/<code>/<token>/check")
def check(code: str, token: str) -> Answer:
    """Show the answers and the plan: every task with department, order, dates and reason."""
    return show_check(*load_order(code, token))


@blueprint.post("/order/<code>/<token>/lines")
@repeatable
def save_lines(code: str, token: str) -> Answer:
    """Switch optional lines on or off, and plan again."""
    draft = load_draft(code, token, for_change=True)
    choose_lines(session=db.session(), draft=draft, chosen=LinesForm().line.data or (), at=utc_now())
    return redirect(pages.step_url(draft, "check"), 303)


@blueprint.post("/order/<code>/<token>/wished-day")
@repeatable
def save_day(code: str, token: str) -> Answer:
    """Ask for it on another day, and plan again."""
    draft = load_draft(code, token, for_change=True)
    with suppress(InvalidInputError):
        choose_day(session=db.session(), draft=draft, day=DayForm().read(), at=utc_now())
    return redirect(pages.step_url(draft, "check"), 303)


@blueprint.post("/order/<code>/<token>/cost-centre")
@repeatable
def save_cost_centre(code: str, token: str) -> Answer:
    """Book the order on another cost centre."""
    draft = load_draft(code, token, for_change=True)
    with suppress(InvalidInputError):
        choose_cost_centre(session=db.session(), draft=draft, person=current_person(), centre_id=CostCentreForm().centre_id(), at=utc_now())
    return redirect(pages.step_url(draft, "check"), 303)


@blueprint.post("/order/<code>/<token>/submission")
def submit(code: str, token: str) -> Answer:
    """Submit the order as it was shown: one request per person, however often it is pressed; all of them or none."""
    draft, content = load_order(code, token, for_change=True)
    try:
        check_version(draft=draft, version=SubmitForm().version.data)
    except ConflictError:
        return show_check(draft, content, HTTPStatus.CONFLICT)
    if pages.next_step(draft, content) != "check" or not content.lines:
        return redirect(pages.next_url(draft, content), 303)
    shares = load_shares(db.session(), draft, content)
    incomplete = next((share.key for share in shares if not share.is_complete), None)
    if incomplete is not None:
        return redirect(others_url(draft, incomplete), 303)
    return redirect(url_for("requests.confirmation", number=submit_as_shown(draft, shares)), 303)


@blueprint.post("/order/<code>/<token>/deletion")
@repeatable
def delete_draft(code: str, token: str) -> Answer:
    """Throw an order away that was not submitted."""
    throw_away(session=db.session(), draft=load_draft(code, token, for_change=True))
    flash(_("Your draft was deleted. Nothing was ordered."))
    return redirect(url_for("catalog.product", code=code), 303)
