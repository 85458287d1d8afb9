"""What the pages of a department show: the queue in words, and a task with its forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import gettext as _

from portal.backoffice.forms import ChecklistForm, ExtendForm, FinishForm, RefuseForm, ReleaseForm, StepForm, SuspendForm
from portal.backoffice.labels import EMPTY_TEXTS, EMPTY_TITLES, TAB_LABELS, count_words, task_count_sentence
from portal.backoffice.policy import DEPARTMENT_ROLES
from portal.backoffice.queries import QueueRow
from portal.backoffice.rules import NextStep, QueueTab, next_step
from portal.core.paging import Page
from portal.core.references import new_token
from portal.core.texts import LocalText
from portal.people.models import Department, Person, Team
from portal.planning.plan import DependencyKind
from portal.planning.worktime import Calendar
from portal.requests.actions.extension import extensions_left
from portal.requests.clock_pages import is_response_late, response_word
from portal.requests.labels import TASK_STATES
from portal.requests.models import Task
from portal.requests.pages import TONES
from portal.requests.planner import needing
from portal.requests.policy import SEES_ALL, may_claim_task, may_handle_task
from portal.requests.workflow import CLOSED, EXTENDABLE, TaskState, TaskStep, steps_from
from portal.web.language import local


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """The tasks under one tab of one department, or of one of its teams."""

    department: Department
    departments: Sequence[Department]
    team: Team | None
    teams: Sequence[Team]
    tab: QueueTab
    counts: Mapping[QueueTab, int]
    page: Page[QueueRow]
    now: datetime
    may_claim: bool

    def place(self, **other: str | None) -> dict[str, str | None]:
        """Give what the address of the queue names: what is shown now, with something `other` than that."""
        now = {"department": self.department.code, "team": self.team.code if self.team else None, "tab": self.tab.value}
        return now | other

    @property
    def title(self) -> str:
        """Name what is shown."""
        return str(TAB_LABELS[self.tab])

    @property
    def count_sentence(self) -> str:
        """Say how many tasks there are."""
        return task_count_sentence(self.counts[self.tab])

    @property
    def tabs(self) -> list[tuple[QueueTab, str, str]]:
        """List the tabs with their words and counts."""
        return [(tab, str(TAB_LABELS[tab]), count_words(self.counts[tab])) for tab in QueueTab]

    @property
    def empty_words(self) -> tuple[str, str]:
        """Say that there is nothing, and what to do."""
        return str(EMPTY_TITLES[self.tab]), str(EMPTY_TEXTS[self.tab])

    def form_key(self) -> str:
        """Make the key of one more form on the page."""
        return new_token()

    def state_word(self, row: QueueRow) -> str:
        """Give the word for where a task stands."""
        return str(TASK_STATES[row.state])

    def tone(self, row: QueueRow) -> str:
        """Give the sign that goes with the word."""
        return TONES[row.state]

    def is_response_late(self, row: QueueRow) -> bool:
        """Tell whether nobody answered the requester in time."""
        return is_response_late(due_at=row.response_due_at, responded_at=row.responded_at, now=self.now)

    def response_word(self, row: QueueRow) -> str | None:
        """Say by when the requester must have a first answer."""
        return response_word(due_at=row.response_due_at, responded_at=row.responded_at, now=self.now)

    def is_late(self, row: QueueRow) -> bool:
        """Tell whether the department should have finished it by now."""
        return row.state in {TaskState.READY, TaskState.IN_PROGRESS} and row.due_at < self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskForms:
    """The forms on the page of a task; one of them may be the one that came back with mistakes."""

    step: StepForm
    release: ReleaseForm
    suspend: SuspendForm
    extend: ExtendForm
    finish: FinishForm
    refuse: RefuseForm
    checklist: ChecklistForm


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """What may be done with a task, by the person who looks at it."""

    task: Task
    next: NextStep
    steps: frozenset[TaskStep]
    may_claim: bool
    may_handle: bool
    may_read_answers: bool
    is_mine: bool
    is_late: bool
    points: Sequence[tuple[str, bool]]
    may_extend: bool
    day_minutes: int
    waits_for: Sequence[Task]
    lost_when_refused: Sequence[Task]

    @property
    def has_other_steps(self) -> bool:
        """Tell whether there is more to choose from than the one next step."""
        others = self.steps & {TaskStep.SUSPEND, TaskStep.REFUSE, TaskStep.FINISH}
        if self.next is NextStep.FINISH:
            others -= {TaskStep.FINISH}
        return bool(others) or self.may_extend or (self.may_handle and self.task.handler_id is not None)


def describe_task(task: Task, person: Person, *, now: datetime, calendar: Calendar) -> TaskPage:
    """Work out what the page of a task offers this person."""
    may_handle = may_handle_task(person, task) and task.state not in CLOSED
    by_id = {one.id: one for one in task.request.tasks}
    return TaskPage(
        task=task,
        next=next_step(task.state, is_claimed=task.handler_id is not None) if may_handle else NextStep.NOTHING,
        steps=steps_from(task.state) if may_handle else frozenset(),
        may_claim=may_claim_task(person, task),
        may_handle=may_handle,
        may_read_answers=bool(person.roles & SEES_ALL) or task.department_id in person.departments_with(*DEPARTMENT_ROLES),
        is_mine=task.handler_id == person.id,
        is_late=task.state in {TaskState.READY, TaskState.IN_PROGRESS} and task.due_at < now,
        points=[(local(LocalText.from_data(point["label"])), point["is_done"]) for point in task.checklist],
        may_extend=may_handle and task.state in EXTENDABLE and extensions_left(request=task.request) > 0,
        day_minutes=calendar.day_minutes,
        waits_for=[by_id[one.after_id] for one in task.predecessors if by_id[one.after_id].state not in CLOSED],
        lost_when_refused=_lost_without(task),
    )


def task_forms(task: Task, *, sent: StepForm | None = None) -> TaskForms:
    """Make the forms of a task; `sent` is one that came back, with what was typed in it."""
    checklist = ChecklistForm(formdata=None, version=task.version)
    checklist.offer(task.checklist)
    forms: dict[type[StepForm], StepForm] = {
        kind: kind(formdata=None, version=task.version) for kind in (StepForm, ReleaseForm, SuspendForm, ExtendForm, FinishForm, RefuseForm)
    }
    forms[ChecklistForm] = checklist
    if isinstance(sent, ChecklistForm):
        sent.name_points(task.checklist)
    if sent is not None:
        forms[type(sent)] = sent.renewed(version=task.version)
    return TaskForms(**{_PLACES[kind]: form for kind, form in forms.items()})


def conflict_sentence(reason: str) -> str:
    """Say what somebody else did just before."""
    if reason == "already_claimed":
        return str(_("Somebody else took this task just before you."))
    if reason == "no_more_extensions":
        return str(_("This task cannot be extended again. Tell the requester what happens, and make a promise."))
    return str(_("This task changed while you were looking at it. You see the new state. What you typed is still here; nothing was saved."))


def _lost_without(task: Task) -> list[Task]:
    """List the tasks that cannot be done without the result of this one, directly or through others."""
    needs = {one.id: [before.after_id for before in one.predecessors if before.kind is DependencyKind.NEEDS] for one in task.request.tasks}
    lost = needing(task.id, needs)
    return [one for one in task.request.tasks if one.id in lost and one.state not in CLOSED]


_PLACES: Final[Mapping[type[StepForm], str]] = {
    StepForm: "step",
    ReleaseForm: "release",
    SuspendForm: "suspend",
    ExtendForm: "extend",
    FinishForm: "finish",
    RefuseForm: "refuse",
    ChecklistForm: "checklist",
}
