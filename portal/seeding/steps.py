"""What can be done in a history that is replayed, each carried out by the action of the screens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.core.journal import Actor
from portal.people.models import Person
from portal.requests.actions.life import (
    answer_question,
    claim_task,
    finish_task,
    refuse_task,
    release_task,
    resume_task,
    start_task,
    suspend_task,
    tick_checklist,
)
from portal.requests.changing.actions.cancelling import cancel_request
from portal.requests.feedback.actions import rate_request
from portal.requests.feedback.rules import Door, Score
from portal.requests.models import Request, Task
from portal.requests.promises.actions import PromiseWish, break_passed, keep_promise, make_promise
from portal.requests.promises.queries import list_promises
from portal.requests.promises.workflow import Channel, PromiseState
from portal.requests.talk.actions import write_message
from portal.requests.talk.models import MessageKind
from portal.requests.workflow import SuspendReason


class Deed(StrEnum):
    """The steps that a history can hold."""

    CLAIM = "claim"
    RELEASE = "release"
    START = "start"
    SUSPEND = "suspend"
    RESUME = "resume"
    ANSWER = "answer"
    FINISH = "finish"
    REFUSE = "refuse"
    CANCEL = "cancel"
    PROMISE = "promise"
    KEEP = "keep"
    BREAK = "break"
    MESSAGE = "message"
    REPLY = "reply"
    RATE = "rate"

    @property
    def text_field(self) -> str:
        """Give the field that holds what was written with it; empty when nothing is."""
        texts = {Deed.SUSPEND: "reason", Deed.REFUSE: "reason", Deed.CANCEL: "reason", Deed.FINISH: "result", Deed.ANSWER: "text"}
        texts |= {Deed.PROMISE: "what", Deed.KEEP: "outcome", Deed.MESSAGE: "text", Deed.REPLY: "text", Deed.RATE: "reason"}
        return texts.get(self, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Who does something when: `customer` asked, `handler` works on the task; `origin` goes in the journal.

    A promise that is made is due at `due_at`; `score` is how satisfied the customer says to be.
    """

    customer: Person
    handler: Person | None
    origin: str
    at: datetime
    due_at: datetime
    zone: ZoneInfo
    score: Score | None = None

    def by(self, person: Person) -> Actor:
        """Give the actor for the journal."""
        return Actor(person_id=person.id, origin=self.origin)


def carry_out(
    *, session: Session, do: Deed, request: Request, task: Task | None, moment: Moment, text: str, waiting_for: SuspendReason | None
) -> None:
    """Do one step at its moment.

    :raises LoketError: the action refuses it.
    """
    if do is Deed.RATE and moment.score is not None:
        by, page = moment.by(moment.customer), Door.PAGE
        rate_request(
            session=session, request=request, person=moment.customer, by=by, at=moment.at, score=moment.score, door=page, reason=text
        )
    elif do in {Deed.MESSAGE, Deed.REPLY}:
        writer = moment.customer if do is Deed.MESSAGE or moment.handler is None else moment.handler
        kind, by = MessageKind.MESSAGE, moment.by(writer)
        write_message(session=session, request=request, person=writer, by=by, at=moment.at, kind=kind, text=text)
    elif do is Deed.CANCEL or task is None:
        by = moment.by(moment.customer)
        cancel_request(session=session, request=request, person=moment.customer, by=by, at=moment.at, zone=moment.zone, reason=text)
    elif do is Deed.ANSWER:
        by = moment.by(moment.customer)
        answer_question(session=session, task=task, person=moment.customer, by=by, at=moment.at, zone=moment.zone, text=text)
    elif do is Deed.BREAK:
        break_passed(session=session, at=moment.at, zone=moment.zone)
    elif moment.handler is not None and do in {Deed.PROMISE, Deed.KEEP}:
        _promise(session=session, do=do, task=task, person=moment.handler, moment=moment, text=text)
    elif moment.handler is not None:
        reason = waiting_for or SuspendReason.OTHER
        _work(session=session, do=do, task=task, person=moment.handler, moment=moment, text=text, waiting_for=reason)


def _promise(*, session: Session, do: Deed, task: Task, person: Person, moment: Moment, text: str) -> None:
    """Promise to call the requester, instead of what was broken before; or keep what was promised."""
    found, request, by = list_promises(session, task.request), task.request, moment.by(person)
    if do is Deed.KEEP:
        keep_promise(session=session, promise=found[0], person=person, by=by, at=moment.at, zone=moment.zone, outcome=text)
        return
    follows = next((one for one in found if one.state is PromiseState.BROKEN), None)
    wish = PromiseWish(
        what=text,
        channel=Channel.PHONE,
        due_at=moment.due_at,
        department_id=task.department_id,
        keeper=person,
        task_id=task.id,
        follows=follows,
    )
    make_promise(session=session, request=request, wish=wish, person=person, by=by, at=moment.at, zone=moment.zone)


def _work(*, session: Session, do: Deed, task: Task, person: Person, moment: Moment, text: str, waiting_for: SuspendReason) -> None:
    by, at, zone = moment.by(person), moment.at, moment.zone
    match do:
        case Deed.CLAIM:
            claim_task(session=session, task=task, person=person, by=by, at=at)
        case Deed.RELEASE:
            release_task(session=session, task=task, person=person, by=by, at=at)
        case Deed.START:
            start_task(session=session, task=task, person=person, by=by, at=at, zone=zone)
        case Deed.SUSPEND:
            suspend_task(session=session, task=task, person=person, by=by, at=at, zone=zone, reason=waiting_for, note=text)
        case Deed.RESUME:
            resume_task(session=session, task=task, person=person, by=by, at=at, zone=zone)
        case Deed.REFUSE:
            refuse_task(session=session, task=task, person=person, by=by, at=at, zone=zone, reason=text)
        case _:
            every_point: Sequence[int] = range(len(task.checklist))
            tick_checklist(session=session, task=task, person=person, by=by, at=at, done=every_point)
            finish_task(session=session, task=task, person=person, by=by, at=at, zone=zone, result=text)
