"""What happens to an approval, on its request's stream. `name` is what was to be approved; `kind` an ApproverKind, with its `role`."""

from dataclasses import dataclass
from typing import ClassVar

from portal.requests.events import TaskEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalEvent(TaskEvent):
    """Something happened to an approver of an approval; `text` is what was written with it and is never shown to the public."""

    approval_id: int
    step_id: int
    kind: str
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalAsked(ApprovalEvent):
    """Somebody is asked to approve; `route` says why it is not the one whom the rule names."""

    type: ClassVar[str] = "approval_asked"
    route: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalReminded(ApprovalEvent):
    """Who was asked to approve did not answer yet; `number` counts the reminders."""

    type: ClassVar[str] = "approval_reminded"
    is_public: ClassVar[bool] = False
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalGiven(ApprovalEvent):
    """An approver agreed."""

    type: ClassVar[str] = "approval_given"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRefused(ApprovalEvent):
    """An approver does not agree; the reason is in `text`."""

    type: ClassVar[str] = "approval_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalStillOpen(ApprovalEvent):
    """An approval is still waited for; only the cause of a change of dates, never recorded by itself."""

    type: ClassVar[str] = "approval_still_open"
