"""Replaying the history of the demo: the same actions as the screens, at moments in the past.

The worker must not send mail about it: what the replayed history queued is put down as done in the same transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.definition import Question, QuestionKind
from portal.catalog.memory import definition_of
from portal.catalog.models import BuildingBlock
from portal.catalog.queries import get_published_product
from portal.core.errors import InvalidInputError, LoketError, NotFoundError
from portal.core.journal import Actor, JournalEntry
from portal.core.queue import finish_lanes
from portal.core.yaml_files import Placed, Problems
from portal.people.models import Person
from portal.people.queries import list_department_persons, list_locations, list_persons
from portal.planning.queries import Calendars, load_calendars
from portal.planning.worktime import Calendar, add_working_time, next_working_moment, subtract_working_time
from portal.requests.events import RequestSubmitted
from portal.requests.models import Request, Task
from portal.requests.ordering.actions.drafts import People, answer_choice, begin_draft
from portal.requests.ordering.actions.submission import submit_request
from portal.requests.ordering.content import load_content
from portal.requests.ordering.models import OrderDraft
from portal.requests.queries import get_request_for
from portal.seeding.demo_content import RequestSeed, StepSeed
from portal.seeding.steps import Moment, carry_out

_ORIGIN = "demo:"


@dataclass(kw_only=True)
class Replay:
    """One replay: `now` is the end of history; `secret` makes the tracking codes."""

    session: Session
    now: datetime
    zone: ZoneInfo
    secret: str
    problems: Problems
    _workers: dict[int, Sequence[Person]] = field(default_factory=dict)

    def run(self, history: Sequence[Placed[RequestSeed]]) -> int:
        """Replay the requests that were not replayed before; gives how many."""
        known = self._known_origins()
        new = [placed for placed in history if _ORIGIN + placed.what.fingerprint not in known]
        streams = []
        for placed in new:
            with self.problems.at(placed.file, placed.path), self.session.no_autoflush:
                streams.append(self._replay(placed).stream)
        finish_lanes(self.session, streams, at=self.now)
        return len(streams)

    @cached_property
    def _persons(self) -> Mapping[str, Person]:
        return {person.username: person for person in list_persons(self.session)}

    @cached_property
    def _calendars(self) -> Calendars:
        return load_calendars(self.session, self.zone)

    @cached_property
    def _locations(self) -> frozenset[str]:
        return frozenset(location.code for location in list_locations(self.session))

    @cached_property
    def _block_codes(self) -> Mapping[int, str]:
        return {block.id: block.code for block in self.session.scalars(select(BuildingBlock))}

    def _known_origins(self) -> frozenset[str | None]:
        query = select(JournalEntry.origin).where(
            JournalEntry.type == RequestSubmitted.type, JournalEntry.origin.startswith(_ORIGIN, autoescape=True)
        )
        return frozenset(self.session.scalars(query))

    def _replay(self, placed: Placed[RequestSeed]) -> Request:
        seed, origin = placed.what, _ORIGIN + placed.what.fingerprint
        requester = self._person("requester", seed.requester)
        draft = self._draft(seed, requester)
        by = Actor(person_id=requester.id, origin=origin)
        submitted = submit_request(
            session=self.session,
            draft=draft,
            content=load_content(self.session, draft),
            person=requester,
            by=by,
            at=draft.changed_at,
            zone=self.zone,
            secret=self.secret,
        )
        self.session.flush()
        request = get_request_for(self.session, by=requester, number=submitted.number)
        self._live(placed, request, requester, origin)
        return request

    def _draft(self, seed: RequestSeed, requester: Person) -> OrderDraft:
        try:
            version = get_published_product(self.session, seed.product)
        except NotFoundError as error:
            raise InvalidInputError({"product": "unknown_product"}) from error
        calendar = self._calendars[version.owner_id]
        at = subtract_working_time(calendar=calendar, end=self.now, minutes=seed.days_ago * calendar.day_minutes + _some_minutes(seed))
        beneficiary = self._person("beneficiary", seed.beneficiary) if seed.beneficiary else None
        is_other = bool(beneficiary or seed.beneficiary_name)
        people = People(requester=requester, beneficiary=beneficiary if is_other else requester, beneficiary_name=seed.beneficiary_name)
        draft = begin_draft(session=self.session, version=version, person=requester, people=people, at=at)
        for question, answer in seed.tree.items():
            self._choose(draft, question, answer, at)
        draft.skipped, draft.added, draft.has_details = list(seed.skipped), list(seed.added), True
        draft.changed_at = at
        self._answer(draft, seed, calendar)
        return draft

    def _choose(self, draft: OrderDraft, question: str, answer: str, at: datetime) -> None:
        definition = definition_of(draft.product_version)
        try:
            answer_choice(draft=draft, definition=definition, question=question, answer=answer, at=at)
        except NotFoundError as error:
            raise InvalidInputError({f"tree.{question}": "unknown_question"}) from error
        except InvalidInputError as error:
            raise InvalidInputError({f"tree.{question}": "unknown_option"}) from error

    def _answer(self, draft: OrderDraft, seed: RequestSeed, calendar: Calendar) -> None:
        draft.answers = {code: _moved(value, draft.changed_at, calendar) for code, value in seed.answers.items()}
        content = load_content(self.session, draft)
        asked = {question.code: question for question in content.questions}
        faults = {f"answers.{code}": "not_asked" for code in seed.answers if code not in asked}
        faults |= {f"answers.{code}": wrong for code, one in asked.items() if (wrong := self._fault(one, content.answers.get(code)))}
        if faults:
            raise InvalidInputError(faults)

    def _fault(self, question: Question, value: Any) -> str | None:  # noqa: ANN401  any kind of answer
        if value is None:
            return "required" if question.need == "required" else None
        possible = {option.code for option in question.options}
        if question.kind is QuestionKind.ONE_OF and value not in possible:
            return "unknown_option"
        if question.kind is QuestionKind.SEVERAL_OF and not (isinstance(value, list) and possible.issuperset(value)):
            return "unknown_option"
        return "unknown_location" if question.kind is QuestionKind.LOCATION and value not in self._locations else None

    def _live(self, placed: Placed[RequestSeed], request: Request, requester: Person, origin: str) -> None:
        """Carry out the steps until now; what lies in the future has not happened yet."""
        at = request.submitted_at
        by_block = {self._block_codes[task.block_id]: task for task in request.tasks}
        for step in placed.what.progress:
            if step.block is not None and step.block not in by_block:
                self.problems.add(placed.file, f"{step.path}.block", "not_in_request")
                return
            task = by_block[step.block] if step.block else None
            calendar = self._calendars[task.department_id if task else request.owner_id]
            at = next_working_moment(calendar=calendar, at=add_working_time(calendar=calendar, start=at, minutes=step.after_minutes))
            if at > self.now:
                return
            due_at = add_working_time(calendar=calendar, start=at, minutes=step.in_minutes)
            moment = Moment(
                customer=requester, handler=self._handler(task), origin=origin, at=at, due_at=due_at, zone=self.zone, score=step.score
            )
            if not self._done(placed, step, request, task, moment):
                return

    def _done(self, placed: Placed[RequestSeed], step: StepSeed, request: Request, task: Task | None, moment: Moment) -> bool:
        try:
            carry_out(
                session=self.session,
                do=step.do,
                request=request,
                task=task,
                moment=moment,
                text=step.text,
                waiting_for=step.waiting_for,
            )
            self.session.flush()  # the next step reads what this one wrote
        except LoketError:
            self.problems.add(placed.file, f"{step.path}.do", "wrong_order")
            return False
        return True

    def _handler(self, task: Task | None) -> Person | None:
        """Give who works on the task: the one who has it, else one of the department, in turn."""
        if task is None:
            return None
        if task.department_id not in self._workers:
            self._workers[task.department_id] = list_department_persons(self.session, task.department_id)
        workers = self._workers[task.department_id]
        return next((person for person in workers if person.id == task.handler_id), None) or workers[task.id % len(workers)]

    def _person(self, name: str, username: str) -> Person:
        if username not in self._persons:
            raise InvalidInputError({name: "unknown_person"})
        return self._persons[username]


def _some_minutes(seed: RequestSeed) -> int:
    """Spread the requests over the day: between one and three hours of work earlier, always the same for one request."""
    return 60 + int(seed.fingerprint[:4], 16) % 120


def _moved(value: Any, at: datetime, calendar: Calendar) -> Any:  # noqa: ANN401  any kind of answer
    """Turn `+14d` into the date so many days after submission, or the next day that is worked."""
    if not (isinstance(value, str) and value.startswith("+") and value.endswith("d") and value[1:-1].isdecimal()):
        return value.isoformat() if isinstance(value, date) else value
    day = at.astimezone(calendar.zone).replace(hour=12) + timedelta(days=int(value[1:-1]))
    return next_working_moment(calendar=calendar, at=day).astimezone(calendar.zone).date().isoformat()
