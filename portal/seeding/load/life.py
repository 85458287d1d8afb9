"""The life of one made-up request, from submission until now or its end: what happens when, by the rules of the real one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from portal.core.journal import Event
from portal.planning.plan import DependencyKind, worked_until
from portal.planning.queries import Calendars
from portal.planning.worktime import add_working_time
from portal.requests.events import (
    ChecklistTicked,
    DatesChanged,
    QuestionAnswered,
    QuestionAsked,
    RequestCancelled,
    RequestClosed,
    RequestSubmitted,
    TaskCancelled,
    TaskClaimed,
    TaskEvent,
    TaskFinished,
    TaskRefused,
    TaskReleased,
    TaskResumed,
    TaskStarted,
    TaskSuspended,
)
from portal.requests.planner import due_at, latest_starts, needing, plan_dates, released, step_of
from portal.requests.workflow import CLOSED, RequestState, SuspendReason, TaskState, TaskStep, check, derive_request_state
from portal.seeding.load.subjects import Habits, Happening, LoadTask, about
from portal.seeding.load.templates import Template

_RESULT: Final = "Het is klaar. Laat het weten als er iets niet klopt."
_QUESTION: Final = "Kunt u dit aanvullen? Dan gaan wij verder."
_ANSWER: Final = "Ja, dat klopt."
_PAUSE: Final = "Wij wachten op de levering."
_REFUSAL: Final = "Dit kan niet op deze manier. Bel ons, dan zoeken wij samen iets anders."
_CANCELLED: Final = "Het is niet meer nodig."


@dataclass(slots=True, kw_only=True)
class Life:
    """One request that is lived through until `now`."""

    request_id: int
    asker_id: int
    template: Template
    tasks: Sequence[LoadTask]
    submitted_at: datetime
    now: datetime
    zone: ZoneInfo
    calendars: Calendars
    chance: Random
    habits: Habits = field(default_factory=Habits)
    state: RequestState = RequestState.SUBMITTED
    first_expected_at: datetime = field(init=False)
    first_latest_at: datetime = field(init=False)
    expected_at: datetime = field(init=False)
    latest_at: datetime = field(init=False)
    closed_at: datetime | None = None
    version: int = 1
    history: list[Happening] = field(default_factory=list)
    _ahead: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    @property
    def wished_on(self) -> date | None:
        """Give the wished day, when the product asks for one."""
        days = self.template.wished_days
        return None if days is None else self.submitted_at.astimezone(self.zone).date() + timedelta(days=days)

    def run(self) -> None:
        """Live it."""
        self._submit()
        while self._ahead and self.closed_at is None:
            at, _, deed = heappop(self._ahead)
            if at > self.now:
                break
            deed(at)

    def _submit(self) -> None:
        self._plan(self.submitted_at)
        self.first_expected_at, self.first_latest_at = self.expected_at, self.latest_at
        for task in self.tasks:
            if not task.after:
                self._make_ready(task, self.submitted_at)
        name, tasks = self.template.name.as_data(), len(self.tasks)
        expected, latest = self.expected_at.isoformat(), self.latest_at.isoformat()
        event = RequestSubmitted(request_id=self.request_id, product=name, expected_at=expected, latest_at=latest, tasks=tasks)
        self._note(event, self.submitted_at, self.asker_id)
        if self.chance.random() < self.habits.cancelled:
            calendar = self.calendars[self.template.owner_id]
            minutes = self.chance.randint(60, 4 * calendar.day_minutes)
            self._later(add_working_time(calendar=calendar, start=self.submitted_at, minutes=minutes), self._cancel)

    def _make_ready(self, task: LoadTask, at: datetime) -> None:
        task.state = check(task.state, TaskStep.RELEASE)
        task.ready_at = task.running_since = at
        task.due_at = due_at(calendar=self.calendars[task.department_id], since=at, norm_minutes=task.norm_minutes)
        total = max(10, round(task.norm_minutes * self.habits.usual * self.chance.lognormvariate(0, self.habits.spread)))
        fate = self.chance.random()
        self._work_later(task, at, total // 4, self._claim)
        if fate < self.habits.refused:
            self._work_later(task, at, total // 3, self._refuse)
        elif fate < self.habits.refused + self.habits.suspended:
            self._work_later(task, at, total // 3, self._start)
            self._work_later(task, at, total // 2, lambda one, moment: self._suspend(one, moment, total - total // 2))
        else:
            self._work_later(task, at, total // 3, self._start)
            self._work_later(task, at, total, self._finish)

    def _work_later(self, task: LoadTask, since: datetime, minutes: int, deed: Callable[[LoadTask, datetime], None]) -> None:
        at = add_working_time(calendar=self.calendars[task.department_id], start=since, minutes=minutes)
        self._later(at, lambda moment: deed(task, moment))

    def _later(self, at: datetime, deed: Callable[[datetime], None]) -> None:
        heappush(self._ahead, (at, next(self._numbers), deed))

    def _claim(self, task: LoadTask, at: datetime) -> None:
        task.handler_id = task.handler
        task.version += 1
        self._note(about(TaskClaimed, task), at, task.handler)

    def _start(self, task: LoadTask, at: datetime) -> None:
        task.state, task.started_at = check(task.state, TaskStep.START), at
        task.version += 1
        self._follow(about(TaskStarted, task), at, task.handler)

    def _suspend(self, task: LoadTask, at: datetime, remaining: int) -> None:
        asks = self.chance.random() < self.habits.asked
        task.worked_minutes = self._worked(task, at)
        task.state, task.suspended_at, task.running_since = check(task.state, TaskStep.SUSPEND), at, None
        task.suspend_reason, task.note = (SuspendReason.CUSTOMER, _QUESTION) if asks else (SuspendReason.SUPPLIER, _PAUSE)
        task.version += 1
        reason = {"text": task.note} if asks else {"text": task.note, "reason": SuspendReason.SUPPLIER.value}
        self._follow(about(QuestionAsked if asks else TaskSuspended, task, **reason), at, task.handler)
        pause = self.chance.randint(60, 5 * self.calendars[task.department_id].day_minutes)
        self._work_later(task, at, pause, lambda one, moment: self._resume(one, moment, remaining))

    def _resume(self, task: LoadTask, at: datetime, remaining: int) -> None:
        was_asked = task.suspend_reason is SuspendReason.CUSTOMER
        task.state, task.running_since = check(task.state, TaskStep.RESUME), at
        calendar = self.calendars[task.department_id]
        task.due_at = due_at(calendar=calendar, since=at, norm_minutes=task.norm_minutes, worked_minutes=task.worked_minutes)
        task.suspended_at, task.suspend_reason, task.note = None, None, ""
        task.version += 1
        event = about(QuestionAnswered, task, text=_ANSWER) if was_asked else about(TaskResumed, task)
        self._follow(event, at, self.asker_id if was_asked else task.handler)
        self._work_later(task, at, remaining, self._finish)

    def _finish(self, task: LoadTask, at: datetime) -> None:
        if points := len(task.template.points):
            task.version += 1
            self._note(about(ChecklistTicked, task, done=points, points=points), at, task.handler)
        task.worked_minutes = self._worked(task, at)
        self._close(task, TaskStep.FINISH, at)
        task.note = _RESULT
        self._follow(about(TaskFinished, task, text=_RESULT), at, task.handler)

    def _refuse(self, task: LoadTask, at: datetime) -> None:
        self._close(task, TaskStep.REFUSE, at)
        task.note = _REFUSAL
        self._follow(about(TaskRefused, task, text=_REFUSAL), at, task.handler, refused=task)

    def _cancel(self, at: datetime) -> None:
        self._note(RequestCancelled(text=_CANCELLED), at, self.asker_id)
        for task in self.tasks:
            if task.state not in CLOSED:
                self._close(task, TaskStep.CANCEL, at)
        self._settle(at, self.asker_id)

    def _close(self, task: LoadTask, step: TaskStep, at: datetime) -> None:
        task.state = check(task.state, step)
        task.finished_at = task.expected_at = task.latest_at = at
        task.running_since = task.suspended_at = task.suspend_reason = None
        task.version += 1

    def _follow(self, cause: TaskEvent, at: datetime, person_id: int, *, refused: LoadTask | None = None) -> None:
        """Note the cause and all that follows from it, in the order in which the real request does."""
        self._note(cause, at, person_id)
        if refused is not None:
            self._cancel_needing(refused, at, person_id)
        states = {task.id: task.state for task in self.tasks}
        by_id = {task.id: task for task in self.tasks}
        for task_id in released(states, {task.id: task.after for task in self.tasks}):
            self._make_ready(by_id[task_id], at)
            self._note(about(TaskReleased, by_id[task_id]), at, None)
        before = self.expected_at, self.latest_at
        if not (isinstance(cause, TaskStarted) and self._is_on_schedule(at)):
            self._plan(at)
        self.version += 1
        days = [moment.astimezone(self.zone).date() for moment in (*before, self.expected_at, self.latest_at)]
        if days[:2] != days[2:] and not self._is_over():
            self._note(self._dates_changed(before, cause), at, person_id)
        self._settle(at, person_id)

    def _cancel_needing(self, refused: LoadTask, at: datetime, person_id: int) -> None:
        needs = {
            task.id: [self.tasks[place].id for place, kind in task.template.after if kind is DependencyKind.NEEDS] for task in self.tasks
        }
        lost = needing(refused.id, needs)
        for task in self.tasks:
            if task.id in lost and task.state not in CLOSED:
                self._close(task, TaskStep.CANCEL, at)
                self._note(about(TaskCancelled, task), at, person_id)

    def _plan(self, at: datetime) -> None:
        if self._is_over():
            ends = [task.expected_at for task in self.tasks if task.state is TaskState.DONE] or [task.expected_at for task in self.tasks]
            self.expected_at = self.latest_at = max(ends)
            return
        steps = [step_of(task, after=dict.fromkeys(task.after, 0), calendar=self.calendars[task.department_id]) for task in self.tasks]
        left_out = frozenset(str(task.id) for task in self.tasks if task.state in {TaskState.REFUSED, TaskState.CANCELLED})
        plan = plan_dates(steps, start=self.submitted_at, now=at, left_out=left_out)
        self.expected_at, self.latest_at = plan.expected_at, plan.latest_at
        begins = latest_starts(steps, latest_at=plan.latest_at, wished_on=self.wished_on, zone=self.zone, left_out=left_out)
        for task in self.tasks:
            if task.state not in CLOSED:
                dates, task.latest_start_at = plan.tasks[str(task.id)], begins[str(task.id)]
                task.starts_at, task.expected_at, task.latest_at = dates.starts_at, dates.expected_at, dates.latest_at
                if task.state is TaskState.WAITING:
                    calendar = self.calendars[task.department_id]
                    task.due_at = due_at(calendar=calendar, since=dates.starts_at, norm_minutes=task.norm_minutes)

    def _settle(self, at: datetime, person_id: int) -> None:
        self.state = derive_request_state([task.state for task in self.tasks])
        if self._is_over() and self.closed_at is None:
            self.closed_at = at
            event = RequestClosed(
                state=self.state,
                product=self.template.name.as_data(),
                promised_first=self.first_expected_at.isoformat(),
                closed_at=at.isoformat(),
            )
            self._note(event, at, person_id)

    def _is_on_schedule(self, at: datetime) -> bool:
        """Tell whether planning again would give the same dates: no open task was to begin or end before now."""
        return all(
            task.state in CLOSED or (task.expected_at > at and task.latest_at > at and (task.ready_at is not None or task.starts_at >= at))
            for task in self.tasks
        )

    def _is_over(self) -> bool:
        return all(task.state in CLOSED for task in self.tasks)

    def _worked(self, task: LoadTask, at: datetime) -> int:
        return worked_until(step_of(task, after={}, calendar=self.calendars[task.department_id]), at=at)

    def _note(self, event: Event, at: datetime, person_id: int | None) -> None:
        self.history.append(Happening(event=event, at=at, person_id=person_id))

    def _dates_changed(self, before: tuple[datetime, datetime], cause: TaskEvent) -> Event:
        return DatesChanged(
            old_expected_at=before[0].isoformat(),
            new_expected_at=self.expected_at.isoformat(),
            old_latest_at=before[1].isoformat(),
            new_latest_at=self.latest_at.isoformat(),
            cause=cause.type,
            name=cause.name,
            department=cause.department,
        )
