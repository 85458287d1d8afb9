"""What the steps of an order have in common: loading the order, reading what was sent, and showing each step."""

from functools import cache, partial
from http import HTTPStatus

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.catalog.choices import find_next
from portal.catalog.definition import ChoiceTree, TreeQuestion
from portal.catalog.memory import definition_of
from portal.catalog.models import ProductVersion
from portal.catalog.queries import get_visible_product
from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.people.queries import list_locations, search_persons
from portal.people.rules import MOST_NAME
from portal.people.session import current_person
from portal.requests.ordering import pages
from portal.requests.ordering.actions.drafts import settle_answers
from portal.requests.ordering.content import OrderContent, load_content
from portal.requests.ordering.forms import (
    ChoiceForm,
    DeleteForm,
    DeskPeopleForm,
    ForWhom,
    PeopleForm,
    people_data,
)
from portal.requests.ordering.models import OrderDraft
from portal.requests.ordering.pages import Places, Stage
from portal.requests.ordering.policy import may_ask, may_ask_for_another
from portal.requests.ordering.queries import get_draft_for, list_drafts
from portal.requests.ordering.views.uploading import Uploads, read_uploads
from portal.requests.queries import number_of_request
from portal.requests.questions.fields import FieldContext
from portal.requests.questions.form import QuestionForm, build_question_form
from portal.requests.questions.person import LEAST_SEARCH
from portal.web.answers import Answer, page
from portal.web.application import this_app
from portal.web.language import local
from portal.web.words import _


class SubmittedError(Exception):
    """The order was submitted already; it leads to its request."""

    def __init__(self, request_id: int) -> None:
        super().__init__(request_id)
        self.request_id = request_id


def lead_to_request(error: SubmittedError) -> Response:
    """Lead an order that was submitted to its request."""
    return redirect(url_for("requests.confirmation", number=number_of_request(db.session(), error.request_id)), 303)


def load_offer(code: str, data: dict[str, str] | None = None) -> tuple[ProductVersion, PeopleForm]:
    """Give a product that the person may ask for, also for another, with the form for whom it is and the persons it found.

    :raises NotFoundError: there is no such product, or it is not for this person: the same answer.
    """
    session = db.session()
    version = get_visible_product(session, code, current_person().tokens)
    form = _people_form(version, data)
    for name in form.searches():
        text = (form[name].data or "")[:MOST_NAME]
        form.offer(name, search_persons(session, text) if len(text) >= LEAST_SEARCH else ())
    return version, form


def _people_form(version: ProductVersion, data: dict[str, str] | None) -> PeopleForm:
    form_class = DeskPeopleForm if may_ask_for_another(current_person()) else PeopleForm
    if request.method == "POST":
        return form_class()
    return form_class(formdata=request.args if data is None else None, data=data or _people_of_draft(version))


def _people_of_draft(version: ProductVersion) -> dict[str, str]:
    """Give what is filled in beforehand: the people of the order that is changed, or oneself."""
    token = request.args.get("draft")
    if token:
        return {**people_data(load_draft(version.product.code, token)), "draft": token}
    return {"for_whom": ForWhom.SELF} if may_ask(current_person(), version.audience) and "employee" in version.audience else {}


def may_be_asked(version: ProductVersion, form: PeopleForm) -> bool:
    """Tell whether who asks may ask for this product; if not, the form says so."""
    is_allowed = may_ask(form.people(current_person()).requester, version.audience)
    if not is_allowed:
        form.add_errors({"requester": _("This product is not for this person. Fill in somebody who may ask for it.")})
    return is_allowed


def show_start(version: ProductVersion, form: PeopleForm, status: int = 200) -> Answer:
    """Show for whom an order can be."""
    begun = [] if form.draft.data else list_drafts(db.session(), by=current_person())
    drafts = [one for one in begun if one.product_id == version.product_id]
    if form.colleague.data and not form.for_whom.data:
        form.for_whom.data = ForWhom.COLLEAGUE
    stages = pages.first_stages(has_tree=definition_of(version).tree is not None)
    return page("order/start.html", status, version=version, form=form, drafts=drafts, delete_form=DeleteForm(), stages=stages)


def load_draft(code: str, token: str, *, for_change: bool = False) -> OrderDraft:
    """Load an order of one's own that was not submitted yet."""
    draft = get_draft_for(db.session(), by=current_person(), token=token, for_change=for_change)
    if draft.product.code != code:
        raise NotFoundError
    if draft.request_id is not None:
        raise SubmittedError(draft.request_id)
    return draft


def load_order(code: str, token: str, *, for_change: bool = False) -> tuple[OrderDraft, OrderContent]:
    """Load an order with what it comes down to."""
    draft = load_draft(code, token, for_change=for_change)
    return draft, load_content(db.session(), draft)


def show_step(name: str, draft: OrderDraft, content: OrderContent, stage: Stage, status: int = 200, /, **shown: object) -> Answer:
    """Show a page of an order with the line of steps."""
    stages = pages.stage_links(draft, content, stage)
    return page(f"order/{name}.html", status, draft=draft, content=content, stages=stages, step_url=pages.step_url, **shown)


def find_asked(draft: OrderDraft, tree: ChoiceTree | None, code: str | None) -> TreeQuestion | None:
    """Find the question on the path of this order with this code; without one, the first that is open."""
    if tree is None:
        return None
    following = find_next(tree, draft.tree_answers)
    open_question = following if isinstance(following, TreeQuestion) else None
    if code is None or (open_question and open_question.code == code):
        return open_question
    return next((one for one in pages.path_questions(tree, draft) if one.code == code), open_question)


def show_choice(draft: OrderDraft, content: OrderContent, asked: TreeQuestion, form: ChoiceForm, status: int = 200) -> Answer:
    """Show one question of the choice tree."""
    tree = content.definition.tree
    before = pages.questions_before(tree, draft, asked) if tree else []
    fewest, most = pages.questions_left(tree, asked.code) if tree else (1, 1)
    return show_step(
        "choice",
        draft,
        content,
        Stage.CHOICE,
        status,
        form=form.ask(asked),
        option_help={option.code: local(option.help) for option in asked.options if option.help},
        number=len(before) + 1,
        total=len(before) + most if fewest == most else None,
        back_url=pages.step_url(draft, "choice", question=before[-1].code) if before else pages.people_url(draft),
    )


def last_question_url(draft: OrderDraft, content: OrderContent) -> str:
    """Give the address of the step before the details."""
    path = pages.path_questions(content.definition.tree, draft) if content.definition.tree else []
    return pages.step_url(draft, "choice", question=path[-1].code) if path else pages.people_url(draft)


def load_places() -> Places:
    """Give the places to choose from, by code."""
    return {location.code: location.name for location in list_locations(db.session())}


def context_of(places: Places) -> FieldContext:
    """Give what fields need besides their question."""
    today = utc_now().astimezone(this_app().settings.tz).date()
    return FieldContext(places=places, today=today, find_persons=cache(partial(search_persons, db.session())))


def read_details(draft: OrderDraft, places: Places) -> tuple[OrderContent, QuestionForm, Uploads]:
    """Read what was filled in: which questions that shows or hides, the form with the rest, and the files."""
    context, posted = context_of(places), request.form
    uploads = read_uploads(draft, posted)
    content = settle_answers(
        session=db.session(),
        draft=draft,
        read=lambda questions: build_question_form(questions, context=context, answers=uploads.kept, posted=posted).answers(),
    )
    shown = posted.get("shown", "").split()
    form = build_question_form(content.questions, context=context, answers=uploads.kept, posted=posted, shown=shown)
    uploads.show_faults(form)
    return content, form, uploads


def show_details(draft: OrderDraft, content: OrderContent, form: QuestionForm, places: Places, status: int = 200) -> Answer:
    """Show the questions that are left, and what is known already."""
    form.prepare_page(version=draft.version)
    known, back_url = pages.known_rows(draft, content, places), last_question_url(draft, content)
    return show_step(
        "details", draft, content, Stage.DETAILS, status, form=form, known=known, back_url=back_url, is_stale=status == HTTPStatus.CONFLICT
    )
