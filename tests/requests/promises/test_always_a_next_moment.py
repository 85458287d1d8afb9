"""No order of events leaves an open request without a moment to come, once the worker has run."""

from dataclasses import replace
from datetime import datetime, timedelta

import networkx as nx
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.catalog.actions import publish_block, save_question
from portal.catalog.agreement import Anchor, ApprovalRule, Approver, ApproverKind, Offset
from portal.catalog.definition import Need, Privacy, Question, QuestionKind
from portal.catalog.memory import block_definition_of
from portal.catalog.models import ProductVersion
from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from portal.core.journal import SYSTEM, Actor, is_chain_intact
from portal.people.models import Person
from portal.people.queries import get_person
from portal.people.roles import Role
from portal.planning.norm import Norm, NormUnit
from portal.planning.queries import load_calendars
from portal.planning.worktime import is_open
from portal.requests.actions import life
from portal.requests.actions.approval import decide_approval, remind_approvers, reroute_left
from portal.requests.actions.beginning import release_due
from portal.requests.actions.overdue import remake_overdue
from portal.requests.approvals.queries import MOST_REMINDERS
from portal.requests.approving import ApprovalState, StepState
from portal.requests.changing.actions.adding import add_line
from portal.requests.changing.actions.cancelling import cancel_request
from portal.requests.changing.actions.change import Change
from portal.requests.changing.actions.deciding import decide_otherwise
from portal.requests.changing.actions.leaving import cancel_line
from portal.requests.changing.actions.moving import move_wished_date
from portal.requests.models import Request
from portal.requests.ordering.actions.submission import Submission, submit_order
from portal.requests.ordering.content import load_content
from portal.requests.ordering.several.models import FurtherBeneficiary
from portal.requests.ordering.several.queries import load_shares
from portal.requests.promises.actions import (
    PromiseWish,
    break_passed,
    keep_promise,
    look_again,
    make_promise,
    move_promise,
    remind_customers,
    remind_keepers,
)
from portal.requests.promises.queries import list_open_promises
from portal.requests.promises.workflow import Channel, breaks_at
from portal.requests.queries import find_open_question, get_request_for_change, list_history
from portal.requests.workflow import NextKind, SuspendReason, TaskState
from tests.factories import (
    NOW,
    SECRET,
    ZONE,
    make_block,
    make_chain,
    make_draft,
    make_line,
    make_person,
    make_product,
    make_request,
    words,
)

WORK = ("start", "ask", "wait", "resume", "answer", "finish", "refuse", "promise", "keep", "move", "approve", "deny")
CHANGES = ("add", "add", "less", "decide", "wish")
# Cancelling the whole often ends the story, and each request more takes time, so these are rare; time passes often.
TOLD = st.sampled_from([*WORK * 2, *CHANGES * 3, *["pass"] * 8, "group", "group", "leave", "cancel", "stop all"])
STORIES = st.lists(st.tuples(TOLD, st.integers(0, 5), st.integers(1, 60 * 24 * 4)), min_size=1, max_size=14)
GONE = {TaskState.REFUSED, TaskState.CANCELLED}
ADDABLE = ("badge", "screen", "cable", "parking", "gate", "laptop")


def make_changing(session: Session) -> ProductVersion:
    """Publish the chain with all that can change: parts to add, some with an approval, answers that decide, and a wished day."""
    make_chain(session)
    car = Question(code="car", kind=QuestionKind.YES_NO, label=words("car?"), need=Need.REQUIRED, privacy=Privacy.NONE)
    begin = replace(car, code="begin", kind=QuestionKind.DATE, label=words("begin?"))
    for question in (car, begin):
        save_question(session=session, question=question)
    make_block(session, "record", department="personeel", questions=[car, begin])
    for block in ("badge", "cable", "parking", "gate"):
        make_block(session, block)
    rule = ApprovalRule(approvers=(Approver(kind=ApproverKind.MANAGER),))
    screen = replace(block_definition_of(make_block(session, "screen")), approval=rule)
    publish_block(session=session, definition=screen, by=SYSTEM, at=NOW)
    with_car = {"question": "car", "is": True}
    lines = [make_line(block) for block in ("record", "account")]
    lines += [replace(make_line("laptop"), starts=Offset(length=Norm(2, NormUnit.WORKING_DAYS), anchor=Anchor.WISHED_DATE))]
    lines += [make_line(block, when=with_car) for block in ("parking", "gate")]
    lines += [make_line(block, need=Need.OPTIONAL, chosen=False) for block in ("badge", "screen", "cable")]
    order = [
        ("account", "record"),
        ("laptop", "account"),
        ("account", "badge"),
        ("cable", "screen"),
        ("gate", "parking"),
        ("gate", "badge"),
    ]
    return make_product(
        session, "newcomer", lines, order, wished_date="begin", approval=replace(rule, above_cents=5000), audience=frozenset({"employee"})
    )


class Story:
    """A request, or several at once, living through steps; what cannot be done at that moment is refused, as on the pages."""

    def __init__(self, session: Session, asker: Person, version: ProductVersion) -> None:
        self.session, self.asker, self.version, self.at = session, asker, version, NOW
        self.leader = make_person(session)
        asker.manager_id, self.leader.manager_id = self.leader.id, make_person(session).id
        self.request_ids = [make_request(session, asker, version, answers=self.answers(), has_details=True).id]
        self.told_id = self.request_ids[0]
        self.desk = make_person(session, Role.SERVICE_DESK)
        departments = {task.department for task in self.request().tasks}
        self.workers = {one.id: make_person(session, Role.BACK_OFFICE, department=one) for one in departments}

    def answers(self) -> dict[str, object]:
        return {"car": False, "begin": (self.at + timedelta(days=9)).date().isoformat()}

    def request(self) -> Request:
        """Load the request that the step is about."""
        return get_request_for_change(self.session, self.told_id)

    def requests(self) -> list[Request]:
        return [get_request_for_change(self.session, one) for one in self.request_ids]

    def tell(self, step: str, place: int, minutes: int) -> None:
        self.told_id = self.request_ids[minutes % len(self.request_ids)]
        if step == "pass":
            self.at += timedelta(minutes=minutes)
            return
        try:
            with self.session.begin_nested():
                self._do(step, place, self.at + timedelta(minutes=minutes))
        except (ConflictError, ForbiddenError, InvalidInputError, NotFoundError):
            self.session.expire_all()

    def work(self) -> None:
        """Let the worker do what is due, as the table of jobs says."""
        release_due(session=self.session, at=self.at, zone=ZONE)
        remake_overdue(session=self.session, at=self.at, zone=ZONE)
        reroute_left(session=self.session, at=self.at, zone=ZONE)
        remind_approvers(session=self.session, at=self.at, zone=ZONE)
        remind_keepers(session=self.session, at=self.at)
        break_passed(session=self.session, at=self.at, zone=ZONE)
        remind_customers(session=self.session, at=self.at, zone=ZONE)
        look_again(session=self.session, at=self.at, zone=ZONE)
        self.session.flush()

    def _do(self, step: str, place: int, later: datetime) -> None:
        request = self.request()
        task = request.tasks[place % len(request.tasks)]
        person = self.workers[task.department_id]
        common = {"session": self.session, "by": Actor(person_id=person.id), "at": self.at, "zone": ZONE}
        on_task = {**common, "task": task, "person": person}
        match step:
            case "start":
                life.start_task(**on_task)  # type: ignore[arg-type]
            case "ask" | "wait":
                reason = SuspendReason.CUSTOMER if step == "ask" else SuspendReason.SUPPLIER
                life.suspend_task(**on_task, reason=reason, note="Welke kleur?")  # type: ignore[arg-type]
            case "resume":
                life.resume_task(**on_task)  # type: ignore[arg-type]
            case "answer" if (asked := find_open_question(request)) is not None:
                life.answer_question(**{**common, "task": asked, "person": self.asker}, text="Blauw.")  # type: ignore[arg-type]
            case "finish":
                life.finish_task(**on_task, result="Klaar.")  # type: ignore[arg-type]
            case "refuse":
                life.refuse_task(**on_task, reason="Dat kan niet.")  # type: ignore[arg-type]
            case "approve" | "deny":
                self._decide_approval(request, is_approved=step == "approve")
            case "promise":
                wish = PromiseWish(what="Wij bellen", channel=Channel.PHONE, due_at=later, department_id=task.department_id, keeper=person)
                make_promise(**common, request=request, wish=wish, person=person)  # type: ignore[arg-type]
            case "keep" | "move":
                self._settle(step, later)
            case _:
                self._change(step, request, task.id, place)

    def _change(self, step: str, request: Request, task_id: int, place: int) -> None:
        """Change the request, as its customer or the service desk does, or what is around it."""
        change = Change(request=request, person=self.asker, by=Actor(), at=self.at, zone=ZONE, version=request.version)
        common = {"session": self.session, "request": request, "person": self.asker, "by": Actor(), "at": self.at, "zone": ZONE}
        match step:
            case "cancel":
                cancel_request(**common, reason="Klaar.")  # type: ignore[arg-type]
            case "stop all":
                cancel_request(**{**common, "person": self.desk}, reason="Klaar.", with_begun=True)  # type: ignore[arg-type]
            case "less":
                cancel_line(session=self.session, change=change, task_id=task_id)
            case "add":
                add_line(session=self.session, change=change, block=ADDABLE[place], answers={}, places={})
            case "decide":
                decide_otherwise(session=self.session, change=change, answers={"car": place % 2 == 1}, places={})
            case "group":
                self._submit_group(2 + place % 2)
            case "leave":
                self.session.get_one(Person, self.leader.id).is_active = False
            case "wish":
                day = (self.at + timedelta(days=3 * place)).date()
                move_wished_date(session=self.session, change=change, wished_on=day)

    def _submit_group(self, number: int) -> None:
        """Send in the same for several people; each has a begin of their own."""
        draft = make_draft(self.session, self.asker, self.version, answers=self.answers(), has_details=True)
        for further in range(1, number):
            own = {"car": further % 2 == 1, "begin": (self.at + timedelta(days=9 + further)).date().isoformat()}
            name = f"Stagiair {further}"
            self.session.add(FurtherBeneficiary(draft_id=draft.id, beneficiary_id=None, beneficiary_name=name, answers=own))
        self.session.flush()
        shares = load_shares(self.session, draft, load_content(self.session, draft))
        submission = Submission(person=get_person(self.session, self.asker.id), by=Actor(), at=self.at, zone=ZONE, secret=SECRET)
        made = submit_order(session=self.session, draft=draft, shares=shares, submission=submission)
        assert len(made) == number
        self.request_ids += [one.id for one in made]

    def _decide_approval(self, request: Request, *, is_approved: bool) -> None:
        for step in [one for approval in request.approvals for one in approval.steps if one.state is StepState.ASKED][:1]:
            common = {"session": self.session, "request": request, "by": Actor(), "at": self.at, "zone": ZONE}
            people = {"person": self.desk, "in_place_of": self.desk}
            decide_approval(**common, **people, step=step, is_approved=is_approved, reason="Daarom.")  # type: ignore[arg-type]

    def _settle(self, step: str, later: datetime) -> None:
        for promise in list_open_promises(self.session, self.told_id)[:1]:
            person = self.workers[promise.department_id]
            common = {"session": self.session, "promise": promise, "person": person, "by": Actor(), "at": self.at, "zone": ZONE}
            if step == "keep":
                keep_promise(**common, outcome="Gebeld.")  # type: ignore[arg-type]
            else:
                move_promise(**common, due_at=later, reason="Later.")  # type: ignore[arg-type]


def holds_until(request: Request) -> datetime:
    """Give until when the next moment of an open request stands: a promise can be ticked a little later than its moment."""
    assert request.next_moment_at is not None
    return breaks_at(request.next_moment_at) if request.next_kind is NextKind.PROMISE else request.next_moment_at


def check_moment(session: Session, request: Request, at: datetime) -> None:
    """Hold an open request against what must always be so: there is a moment to come; a closed one promises nothing."""
    is_going_on = request.closed_at is None
    assert (request.next_moment_at is not None) == (request.next_kind is not None) == is_going_on
    assert not is_going_on or holds_until(request) > at, request.next_kind
    assert is_going_on or not list_open_promises(session, request.id)


def check_plan(request: Request) -> None:
    """Hold a plan against what must always be so: no circle, each after what it needs, what it costs, and who waits for approval."""
    plan: nx.DiGraph[int] = nx.DiGraph([(one.after_id, task.id) for task in request.tasks for one in task.predecessors])
    assert nx.is_directed_acyclic_graph(plan)
    places = {task.id: place for place, task in enumerate(request.tasks)}
    in_plan = {task.id for task in request.tasks if task.state not in GONE}
    for task in request.tasks:
        before = {one.after_id for one in task.predecessors} & in_plan
        assert task.id not in in_plan or all(places[one] < places[task.id] for one in before)
    assert [task.position for task in request.tasks] == sorted({task.position for task in request.tasks})
    assert request.cost_cents == 1000 * len(in_plan)
    blocks = [task.block_id for task in request.tasks if task.id in in_plan]
    assert len(blocks) == len(set(blocks)), "a part stands in the plan once"
    open_steps = [step for one in request.approvals if one.state is ApprovalState.OPEN for step in one.steps]
    assert (request.awaits is not None) == any(step.state is StepState.ASKED for step in open_steps)


def check_reminders(session: Session, request: Request, at: datetime) -> None:
    """Hold a request against what must always be so: who is waited for is reminded again, or was often enough; by day only."""
    asked = [step for approval in request.approvals for step in approval.steps if step.state is StepState.ASKED]
    for step in asked:
        is_coming = step.remind_at is not None and step.remind_at > at
        assert is_coming or (step.remind_at is None and step.reminders == MOST_REMINDERS), (step.remind_at, step.reminders)
    history = list_history(session, request)
    told = [one for one in history if one.type in {"approval_reminded", "question_reminded"}]
    assert all(is_open(calendar=load_calendars(session, ZONE)[request.owner_id], at=one.at) for one in told)
    for task in request.tasks:
        is_asked = task.state is TaskState.SUSPENDED and task.suspend_reason is SuspendReason.CUSTOMER
        assert task.remind_at is None or (is_asked and task.remind_at > at)
        since = [one for one in history if one.data.get("task_id") == task.id and one.type in {"question_asked", "question_reminded"}]
        assert not is_asked or task.remind_at is not None or since[-1].data["number"] == MOST_REMINDERS


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=STORIES)
@example(story=[("promise", 0, 100), ("pass", 0, 106)])
@example(story=[("group", 1, 1), ("ask", 0, 1), ("pass", 0, 4000), ("add", 1, 4), ("leave", 0, 1), ("pass", 0, 5000), ("finish", 0, 3)])
def test_an_open_request_always_has_a_moment_to_come(session: Session, story: list[tuple[str, int, int]]) -> None:
    try:
        with session.begin_nested() as undone:
            told = Story(session, make_person(session), make_changing(session))
            for step, place, minutes in story:
                told.tell(step, place, minutes)
                told.work()
                session.expire_all()
                for request in told.requests():
                    check_moment(session, request, told.at)
                    check_plan(request)
                    check_reminders(session, request, told.at)
            assert all(is_chain_intact(list_history(session, request)) for request in told.requests())
            undone.rollback()
    finally:
        session.expunge_all()
