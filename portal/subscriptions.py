"""ONE table: event type -> handlers. A handler runs in the worker, after the commit, in one transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from portal.catalog.definition import CatalogueKind
from portal.catalog.events import BlockPublished, ProductPublished, ReviewAsked
from portal.catalog.policy import may_review
from portal.catalog.queries import get_version
from portal.catalog.workflow import VersionState
from portal.core.journal import JournalEntry
from portal.hours.actions import start_replanning
from portal.hours.events import ClosedDayAdded, ClosedDayRemoved, HoursChanged
from portal.insight.actions import count_dates
from portal.notifications.actions import MailRoute, notify_customers, notify_persons, notify_requester
from portal.notifications.models import Mail
from portal.notifications.queries import get_request_of, list_told
from portal.notifications.recipients import is_news
from portal.people.queries import list_persons_with
from portal.people.roles import Role
from portal.requests.approvals.actions import invite
from portal.requests.approvals.events import ApprovalAsked, ApprovalRefused, ApprovalReminded
from portal.requests.approving import StepState
from portal.requests.events import (
    DatesChanged,
    LineAdded,
    LineCancelled,
    LineChanged,
    LineFellAway,
    QuestionAsked,
    QuestionReminded,
    RequestClosed,
    RequestReopened,
    RequestSubmitted,
    TaskRefused,
    TaskStillSuspended,
)
from portal.requests.feedback.actions import make_links
from portal.requests.models import ApprovalStep
from portal.requests.promises.events import PromiseBroken, PromiseComesDue, PromiseMade, PromiseMoved
from portal.requests.promises.queries import is_still_due, list_keeper_ids
from portal.requests.talk.events import ColleaguesMentioned, MessageSent
from portal.requests.talk.queries import list_hearers
from portal.requests.workflow import RequestState
from portal.search.actions import index_product, index_products_with
from portal.web.application import this_app

Handler = Callable[[Session, JournalEntry, datetime], None]


def mail_route() -> MailRoute:
    """Give how mail leaves, from the settings of the running application."""
    settings = this_app().settings
    return MailRoute(domain=settings.mail_from.rpartition("@")[2], is_open=bool(settings.mail_host))


def _mail(mail: Mail) -> Handler:
    """Make a handler that sends this mail to the customers of the request."""

    def handler(session: Session, entry: JournalEntry, at: datetime) -> None:
        notify_customers(session=session, entry=entry, mail=mail, at=at, route=mail_route())

    return handler


def mail_submitted(session: Session, entry: JournalEntry, at: datetime) -> None:
    """Confirm a request; who asked for several people at once gets one mail that names them all."""
    request = get_request_of(session, entry)
    if request.together_id in {None, request.id}:
        notify_customers(session=session, entry=entry, mail=Mail.SUBMITTED, at=at, route=mail_route())
    elif request.beneficiary_id != request.requester_id:
        persons = (request.beneficiary_id,)
        notify_persons(session=session, entry=entry, mail=Mail.SUBMITTED, persons=persons, at=at, route=mail_route())


def mail_news_of_date(session: Session, entry: JournalEntry, at: datetime) -> None:
    """Tell that a date moved; that something still waits was told when it began to wait, and stands in the history."""
    if entry.data["cause"] != TaskStillSuspended.type:
        notify_customers(session=session, entry=entry, mail=Mail.DATES_CHANGED, at=at, route=mail_route())


def mail_requester_of_promise(mail: Mail) -> Handler:
    """Make a handler that tells the requester of a promise what became of it."""

    def handler(session: Session, entry: JournalEntry, at: datetime) -> None:
        notify_requester(session=session, entry=entry, mail=mail, at=at, route=mail_route())

    return handler


def remind_keeper(session: Session, entry: JournalEntry, at: datetime) -> None:
    """Tell who keeps a promise that its moment is near; not when it was settled or moved, and afterwards it only adds shame."""
    due_at = datetime.fromisoformat(entry.data["due_at"])
    if at < due_at and is_still_due(session, entry.data["promise_id"], due_at=due_at):
        persons = tuple(list_keeper_ids(session, entry.data["promise_id"]))
        notify_persons(session=session, entry=entry, mail=Mail.PROMISE_COMES_DUE, persons=persons, at=at, route=mail_route())


def ask_approver(session: Session, entry: JournalEntry, at: datetime) -> None:
    """Ask who may approve by a mail with a link; who is asked for several lines, or requests, at once gets one mail."""
    step = session.get_one(ApprovalStep, entry.data["step_id"])
    if step.state is not StepState.ASKED:
        return
    settings, request_id = this_app().settings, get_request_of(session, entry).id
    today = at.astimezone(settings.tz).date()
    asked = invite(session=session, step=step, request_id=request_id, today=today, secret=settings.secret_key, at=at)
    told = list_told(session, stream=entry.stream, mail=Mail.APPROVAL, at=entry.at)
    persons = tuple(one for one in asked if one not in told)
    notify_persons(session=session, entry=entry, mail=Mail.APPROVAL, persons=persons, at=at, route=mail_route())


def mail_message(session: Session, entry: JournalEntry, at: datetime) -> None:
    """Tell the other side of a message: the customer, or who handles the request."""
    if not entry.data["by_customer"]:
        notify_customers(session=session, entry=entry, mail=Mail.MESSAGE, at=at, route=mail_route())
        return
    handlers = tuple(list_hearers(session, int(entry.stream.removeprefix("request:"))))
    notify_persons(session=session, entry=entry, mail=Mail.MESSAGE, persons=handlers, at=at, route=mail_route())


def mail_mention(session: Session, entry: JournalEntry, at: datetime) -> None:
    """Tell colleagues that they were mentioned; what was written stays in the portal."""
    persons = tuple(entry.data["person_ids"])
    notify_persons(session=session, entry=entry, mail=Mail.MENTION, persons=persons, at=at, route=mail_route())


def mail_handler_of_line(session: Session, entry: JournalEntry, at: datetime) -> None:
    """Tell who had taken a part of a request that the customer changed it, or does not need it any more."""
    persons = (entry.data["handler_id"] or None,)
    mail = Mail.LINE_CHANGED if entry.type == LineChanged.type else Mail.LINE_CANCELLED
    notify_persons(session=session, entry=entry, mail=mail, persons=persons, at=at, route=mail_route())


def mail_reviewers(session: Session, entry: JournalEntry, at: datetime) -> None:
    """Ask the catalogue managers who did not work on a version to look at it."""
    kind = CatalogueKind.PRODUCTS if entry.stream.startswith("product:") else CatalogueKind.BLOCKS
    version = get_version(session, kind, entry.data["code"], entry.data["number"])
    if version.state is not VersionState.IN_REVIEW:
        return
    managers = list_persons_with(session, Role.CATALOGUE_MANAGER)
    reviewers = tuple(one.id for one in managers if may_review(one.id, version))
    notify_persons(session=session, entry=entry, mail=Mail.REVIEW, persons=reviewers, at=at, route=mail_route())


def index_changed_product(session: Session, entry: JournalEntry, _at: datetime) -> None:
    """Let the search find a product as it is published now."""
    index_product(session=session, code=entry.data["code"])


def index_changed_block(session: Session, entry: JournalEntry, _at: datetime) -> None:
    """Let the search find the products that hold a building block by its new words."""
    index_products_with(session=session, block=entry.data["code"])


def plan_again(session: Session, entry: JournalEntry, at: datetime) -> None:
    """Plan the open requests again that a change of the calendars touches."""
    start_replanning(session=session, entry=entry, at=at)


def ask_how_it_went(session: Session, entry: JournalEntry, at: datetime) -> None:
    """Make the links by which the customers can say how it went; the mail that it is done carries them."""
    if is_news(entry.at, now=at) and entry.data["state"] == RequestState.DONE:
        make_links(session=session, request_id=int(entry.stream.partition(":")[2]), secret=this_app().settings.secret_key)


def mail_reopened(session: Session, entry: JournalEntry, at: datetime) -> None:
    """Tell who does the tasks again what is not right."""
    persons = tuple(list_hearers(session, int(entry.stream.removeprefix("request:"))))
    notify_persons(session=session, entry=entry, mail=Mail.REOPENED, persons=persons, at=at, route=mail_route())


def count_closed_request(session: Session, entry: JournalEntry, _at: datetime) -> None:
    """Keep what became of the dates that were given."""
    count_dates(session=session, request_id=int(entry.stream.partition(":")[2]), zone=this_app().settings.tz, closed_at=entry.at)


SUBSCRIPTIONS: Final[Mapping[str, tuple[Handler, ...]]] = {
    RequestSubmitted.type: (mail_submitted,),
    DatesChanged.type: (mail_news_of_date,),
    ApprovalAsked.type: (ask_approver,),
    ApprovalReminded.type: (ask_approver,),
    ApprovalRefused.type: (_mail(Mail.REFUSED),),
    QuestionAsked.type: (_mail(Mail.QUESTION),),
    QuestionReminded.type: (_mail(Mail.QUESTION),),
    TaskRefused.type: (_mail(Mail.REFUSED),),
    RequestClosed.type: (ask_how_it_went, _mail(Mail.CLOSED), count_closed_request),
    RequestReopened.type: (mail_reopened,),
    MessageSent.type: (mail_message,),
    ColleaguesMentioned.type: (mail_mention,),
    PromiseMade.type: (mail_requester_of_promise(Mail.PROMISE_MADE),),
    PromiseMoved.type: (mail_requester_of_promise(Mail.PROMISE_MOVED),),
    PromiseBroken.type: (mail_requester_of_promise(Mail.PROMISE_BROKEN),),
    PromiseComesDue.type: (remind_keeper,),
    LineAdded.type: (_mail(Mail.LINE_ADDED),),
    LineCancelled.type: (mail_handler_of_line,),
    LineFellAway.type: (mail_handler_of_line,),
    LineChanged.type: (mail_handler_of_line,),
    ReviewAsked.type: (mail_reviewers,),
    ProductPublished.type: (index_changed_product,),
    BlockPublished.type: (index_changed_block,),
    HoursChanged.type: (plan_again,),
    ClosedDayAdded.type: (plan_again,),
    ClosedDayRemoved.type: (plan_again,),
}

SILENT: Final[Mapping[str, str]] = {
    "upn_list_replaced": "it changes only what names can be chosen; the products stay as they are",
    "question_saved": "it reaches people with the next version of a building block",
    "draft_started": "the page of the catalogue manager shows what is on its way",
    "draft_changed": "as draft_started",
    "draft_withdrawn": "as draft_started",
    "version_sent_back": "as draft_started; the reason stands with the draft",
    "version_scheduled": "as draft_started",
    "publication_failed": "as draft_started; the draft names what is wrong",
    "synonyms_changed": "the search reads them with the next query",
    "cell_left_empty": "the matrix shows it",
    "cell_opened_again": "as cell_left_empty",
    "version_restored": "followed by review_asked in the same transaction",
    "task_released": "the task stands in the queue of the department, which is where its people look",
    "wish_moved": "the mail about the dates tells it; who works on a part hears line_changed",
    "task_held": "the task is back among those that wait, which is where its department looks",
    "task_claimed": "the department arranges its own work; the customer sees the state",
    "task_given_back": "as task_claimed",
    "task_started": "the timeline tells it; a mail for every step would be noise",
    "checklist_ticked": "a note within the task",
    "task_suspended": "when it moves a date, the mail about the date gives it as the reason",
    "task_resumed": "as task_suspended",
    "task_extended": "as task_suspended",
    "task_overdue": "never recorded by itself: only the cause of a change of dates, which is a mail",
    "task_still_suspended": "as task_overdue",
    "calendar_changed": "as task_overdue",
    "task_finished": "as task_suspended; the last one closes the request, which is a mail",
    "task_cancelled": "always follows from a refusal or a cancelled request, which are told",
    "promise_kept": "we came back to the requester, who knows it",
    "promise_cancelled": "followed by request_closed in the same transaction, which is a mail",
    "task_reopened": "follows request_reopened in the same transaction, which is a mail",
    "request_rated": "departments read it where they learn from it; nobody is called for it",
    "question_answered": "the task goes on in the queue of the department",
    "approval_still_open": "as task_overdue",
    "approval_given": "the timeline tells it; when it moves a date, the mail about the date does too",
    "note_written": "it stands with the task; who must hear of it is mentioned by name",
    "standard_text_saved": "whoever writes next finds the text as it is now",
    "standard_text_removed": "as standard_text_saved",
    "request_cancelled": "followed by request_closed, or by what it does to the dates; who had a part of it hears line_cancelled",
}
