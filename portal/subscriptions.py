"""ONE table: event type -> handlers. A handler runs in the worker, after the commit, in one transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from portal.catalog.events import BlockPublished, ProductPublished
from portal.core.journal import JournalEntry
from portal.notifications.actions import MailRoute, notify_customers
from portal.notifications.models import Mail
from portal.requests.events import DatesChanged, QuestionAsked, RequestClosed, RequestSubmitted, TaskRefused, TaskStillSuspended
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


def mail_news_of_date(session: Session, entry: JournalEntry, at: datetime) -> None:
    """Tell that a date moved; that something still waits was told when it began to wait, and stands in the history."""
    if entry.data["cause"] != TaskStillSuspended.type:
        notify_customers(session=session, entry=entry, mail=Mail.DATES_CHANGED, at=at, route=mail_route())


def index_changed_product(session: Session, entry: JournalEntry, _at: datetime) -> None:
    """Let the search find a product as it is published now."""
    index_product(session=session, code=entry.data["code"])


def index_changed_block(session: Session, entry: JournalEntry, _at: datetime) -> None:
    """Let the search find the products that hold a building block by its new words."""
    index_products_with(session=session, block=entry.data["code"])


SUBSCRIPTIONS: Final[Mapping[str, tuple[Handler, ...]]] = {
    RequestSubmitted.type: (_mail(Mail.SUBMITTED),),
    DatesChanged.type: (mail_news_of_date,),
    QuestionAsked.type: (_mail(Mail.QUESTION),),
    TaskRefused.type: (_mail(Mail.REFUSED),),
    RequestClosed.type: (_mail(Mail.CLOSED),),
    ProductPublished.type: (index_changed_product,),
    BlockPublished.type: (index_changed_block,),
}

SILENT: Final[Mapping[str, str]] = {
    "question_saved": "it reaches people with the next version of a building block",
    "draft_started": "the page of the catalogue manager shows what is on its way",
    "draft_changed": "as draft_started",
    "draft_withdrawn": "as draft_started",
    "review_asked": "as draft_started; it is marked for whoever may review",
    "version_sent_back": "as draft_started; the reason stands with the draft",
    "version_scheduled": "as draft_started",
    "publication_failed": "as draft_started; the draft names what is wrong",
    "version_restored": "followed by block_published or product_published in the same transaction",
    "task_released": "the task stands in the queue of the department, which is where its people look",
    "task_claimed": "the department arranges its own work; the customer sees the state",
    "task_given_back": "as task_claimed",
    "task_started": "the timeline tells it; a mail for every step would be noise",
    "checklist_ticked": "a note within the task",
    "task_suspended": "when it moves a date, the mail about the date gives it as the reason",
    "task_resumed": "as task_suspended",
    "task_overdue": "never recorded by itself: only the cause of a change of dates, which is a mail",
    "task_still_suspended": "as task_overdue",
    "task_finished": "as task_suspended; the last one closes the request, which is a mail",
    "task_cancelled": "always follows from a refusal or a cancelled request, which are told",
    "question_answered": "the task goes on in the queue of the department",
    "request_cancelled": "followed by request_closed in the same transaction, which is a mail",
}
