"""What happens to a request. Texts are in both languages, moments in ISO form; public events stand on the tracking page."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.journal import Event

Words = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSubmitted(Event):
    """A request was submitted; all its tasks exist."""

    type: ClassVar[str] = "request_submitted"
    request_id: int
    product: Words
    expected_at: str
    latest_at: str
    tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEvent(Event):
    """Something happened to one task; `text` is what was written with it and is never shown to the public."""

    task_id: int
    name: Words
    department: Words
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReleased(TaskEvent):
    """A task can begin: all that comes before it is finished."""

    type: ClassVar[str] = "task_released"
    is_public: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskHeld(TaskEvent):
    """A task that could begin waits again, because a new part comes before it."""

    type: ClassVar[str] = "task_held"
    is_public: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClaimed(TaskEvent):
    """Somebody took a task."""

    type: ClassVar[str] = "task_claimed"
    is_public: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskGivenBack(TaskEvent):
    """Somebody put a task back in the queue."""

    type: ClassVar[str] = "task_given_back"
    is_public: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistTicked(TaskEvent):
    """The checklist of a task was changed; `done` counts the points that are done."""

    type: ClassVar[str] = "checklist_ticked"
    is_public: ClassVar[bool] = False
    done: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStarted(TaskEvent):
    """The department began."""

    type: ClassVar[str] = "task_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSuspended(TaskEvent):
    """The clock of a task stands still; `reason` is a SuspendReason."""

    type: ClassVar[str] = "task_suspended"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(TaskEvent):
    """The customer was asked something; the clock stands still until the answer."""

    type: ClassVar[str] = "question_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionReminded(TaskEvent):
    """The customer was reminded that a question still waits; `number` counts the reminders."""

    type: ClassVar[str] = "question_reminded"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered(TaskEvent):
    """The customer answered."""

    type: ClassVar[str] = "question_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskResumed(TaskEvent):
    """The clock of a task runs again."""

    type: ClassVar[str] = "task_resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskExtended(TaskEvent):
    """A department takes more time than the norm: `days` working days, for the reason in `text`."""

    type: ClassVar[str] = "task_extended"
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFinished(TaskEvent):
    """A department did its part."""

    type: ClassVar[str] = "task_finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRefused(TaskEvent):
    """A department does not do its part; the reason is in `text`."""

    type: ClassVar[str] = "task_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCancelled(TaskEvent):
    """A task is not needed any more, or cannot be done without one that was refused."""

    type: ClassVar[str] = "task_cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCancelled(TaskEvent):
    """The customer does not need this part any more; `handler_id` is the person who had it, 0 when nobody did."""

    type: ClassVar[str] = "line_cancelled"
    handler_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAdded(TaskEvent):
    """The customer asked for a part more."""

    type: ClassVar[str] = "line_added"


@dataclass(frozen=True, slots=True, kw_only=True)
class WishMoved(TaskEvent):
    """The customer asked for all of it on another day, which stands in `text`; the task is the first that is open."""

    type: ClassVar[str] = "wish_moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChanged(TaskEvent):
    """The customer gave other answers about this part, which stand in `text`; `handler_id` as for one that is cancelled."""

    type: ClassVar[str] = "line_changed"
    handler_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFellAway(TaskEvent):
    """A part cannot be done without one that the customer cancelled; `handler_id` as for that one."""

    type: ClassVar[str] = "line_fell_away"
    handler_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DatesChanged(Event):
    """The expected or latest date moved; `cause` is the type of the event that did it, on the task named."""

    type: ClassVar[str] = "dates_changed"
    old_expected_at: str
    new_expected_at: str
    old_latest_at: str
    new_latest_at: str
    cause: str
    name: Words
    department: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOverdue(TaskEvent):
    """A task takes longer than expected; only the cause of a change of dates, never recorded by itself."""

    type: ClassVar[str] = "task_overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStillSuspended(TaskEvent):
    """A task still waits; only the cause of a change of dates, never recorded by itself."""

    type: ClassVar[str] = "task_still_suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChanged(TaskEvent):
    """The opening hours of a department changed; only the cause of a change of dates, never recorded by itself."""

    type: ClassVar[str] = "calendar_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCancelled(Event):
    """The customer does not need it any more; `goes_on` counts the parts that could not be stopped."""

    type: ClassVar[str] = "request_cancelled"
    text: str
    goes_on: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReopened(TaskEvent):
    """A task that was finished has to be done again."""

    type: ClassVar[str] = "task_reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReopened(Event):
    """A request that was done is not right, for the reason in `text`: so many tasks are done again."""

    type: ClassVar[str] = "request_reopened"
    text: str
    tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestClosed(Event):
    """All tasks are closed; `state` is the RequestState that follows from them."""

    type: ClassVar[str] = "request_closed"
    state: str
    product: Words
    promised_first: str
    closed_at: str
