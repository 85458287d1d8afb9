"""No order of events leaves an open request without a moment to come, once the worker has run."""

from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.catalog.models import ProductVersion
from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.core.journal import Actor, is_chain_intact
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.actions import life
from portal.requests.actions.cancelling import cancel_request
from portal.requests.actions.overdue import remake_overdue
from portal.requests.models import Request
from portal.requests.promises.actions import (
    PromiseWish,
    break_passed,
    keep_promise,
    look_again,
    make_promise,
    move_promise,
    remind_keepers,
)
from portal.requests.promises.queries import list_open_promises
from portal.requests.promises.workflow import Channel
from portal.requests.queries import find_open_question, get_request_for_change, list_history
from portal.requests.workflow import SuspendReason
from tests.factories import NOW, ZONE, make_chain, make_person, make_request

STEPS = ("start", "ask", "wait", "resume", "answer", "finish", "refuse", "promise", "keep", "move", "pass", "cancel")
# Cancelling ends the story, so it is rare; time passes often.
TOLD = st.sampled_from([*STEPS[:-1] * 3, "pass", "pass", "cancel"])
STORIES = st.lists(st.tuples(TOLD, st.integers(0, 2), st.integers(1, 60 * 24 * 4)), min_size=1, max_size=14)


class Story:
    """A request that lives through steps; what cannot be done at that moment is refused, as on the pages."""

    def __init__(self, session: Session, asker: Person, version: ProductVersion) -> None:
        self.session, self.asker, self.at = session, asker, NOW
        self.request_id = make_request(session, asker, version).id
        departments = {task.department for task in self.request().tasks}
        self.workers = {one.id: make_person(session, Role.BACK_OFFICE, department=one) for one in departments}

    def request(self) -> Request:
        return get_request_for_change(self.session, self.request_id)

    def tell(self, step: str, place: int, minutes: int) -> None:
        if step == "pass":
            self.at += timedelta(minutes=minutes)
            return
        try:
            with self.session.begin_nested():
                self._do(step, place, self.at + timedelta(minutes=minutes))
        except (ConflictError, ForbiddenError, InvalidInputError):
            self.session.expire_all()

    def work(self) -> None:
        """Let the worker do what is due, as the table of jobs says."""
        remake_overdue(session=self.session, at=self.at, zone=ZONE)
        remind_keepers(session=self.session, at=self.at)
        break_passed(session=self.session, at=self.at, zone=ZONE)
        look_again(session=self.session, at=self.at, zone=ZONE)
        self.session.flush()

    def _do(self, step: str, place: int, later: datetime) -> None:
        request = self.request()
        task = request.tasks[place]
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
            case "cancel":
                cancel_request(session=self.session, request=request, person=self.asker, by=Actor(), at=self.at, zone=ZONE, reason="Klaar.")
            case "promise":
                wish = PromiseWish(what="Wij bellen", channel=Channel.PHONE, due_at=later, department_id=task.department_id, keeper=person)
                make_promise(**common, request=request, wish=wish, person=person)  # type: ignore[arg-type]
            case "keep" | "move":
                self._settle(step, later)

    def _settle(self, step: str, later: datetime) -> None:
        for promise in list_open_promises(self.session, self.request_id)[:1]:
            person = self.workers[promise.department_id]
            common = {"session": self.session, "promise": promise, "person": person, "by": Actor(), "at": self.at, "zone": ZONE}
            if step == "keep":
                keep_promise(**common, outcome="Gebeld.")  # type: ignore[arg-type]
            else:
                move_promise(**common, due_at=later, reason="Later.")  # type: ignore[arg-type]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=STORIES)
def test_an_open_request_always_has_a_moment_to_come(session: Session, story: list[tuple[str, int, int]]) -> None:
    with session.begin_nested() as undone:
        told = Story(session, make_person(session), make_chain(session))
        for step, place, minutes in story:
            told.tell(step, place, minutes)
            told.work()
            request = told.request()
            is_open = request.closed_at is None
            assert (request.next_moment_at is not None) == (request.next_kind is not None) == is_open
            assert request.next_moment_at is None or request.next_moment_at > told.at, (step, request.next_kind)
            assert is_open or not list_open_promises(session, request.id)
        assert is_chain_intact(list_history(session, told.request()))
        undone.rollback()
    session.expunge_all()
