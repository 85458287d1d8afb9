"""Requests with their tasks, the order in which the tasks come, and the approvals that they wait for."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.catalog.agreement import ApprovalMode, ApproverKind, Payer, Period
from portal.catalog.models import BlockVersion, Product, ProductVersion
from portal.core.columns import Id, Moment, enum_column, partial_index
from portal.core.db import PERSONAL, Base
from portal.core.references import request_number
from portal.core.texts import LocalText, LocalTextType
from portal.people.models import CostCentre, Department, Person, Team
from portal.people.roles import Role
from portal.people.rules import MOST_NAME
from portal.planning.plan import DependencyKind
from portal.requests.approvers import Route
from portal.requests.approving import ApprovalState, StepState
from portal.requests.workflow import NextKind, RequestState, SuspendReason, TaskState


class Request(Base):
    """What a customer asked: one request, one plan.

    `answers` is a list of `{code, kind, label, value, shown, privacy}`: what was asked and answered, in the
    words of that moment. State and dates are derived from the tasks and stored with them. An open request always has a
    next moment; `has_promises` says whether a promise was ever made about it, `has_approvals` whether it ever needed
    an approval, `awaits` whose approval is waited for now. One that was opened again is still one request: `closed_at` is its last
    end, the first dates stay what was promised first.

    Three clocks that are never mixed: `legal_due_on` ends the legal term of `legal_days` calendar days, moved by
    `legal_moved_days`; it stands still since `legal_stopped_on`. `response_due_at` is the norm for the first sign of a
    person, which came at `responded_at`. The tasks have the norm for the work. A message of the customer waits for a sign of
    a person since `unanswered_since`.

    Requests that were sent in together, one for each of several people, have the first of them as `together_id`.
    """

    __tablename__ = "requests"
    __table_args__ = (
        Index("ix_requests_requester_id", "requester_id", "id"),
        Index("ix_requests_beneficiary_id", "beneficiary_id", "id"),
        Index("ix_requests_state_latest_at", "state", "latest_at", "id"),
        partial_index("ix_requests_response", "response_due_at", where="responded_at IS NULL AND response_due_at IS NOT NULL"),
        partial_index("ix_requests_unanswered", "closed_at", where="unanswered_since IS NOT NULL"),
        partial_index("ix_requests_next_moment", "next_moment_at", "id", where="next_moment_at IS NOT NULL"),
    )

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    product_version_id: Mapped[int] = mapped_column(ForeignKey("product_versions.id"))
    requester_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    beneficiary_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    beneficiary_name: Mapped[str] = mapped_column(String(MOST_NAME), info=PERSONAL)
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    owner_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    outcome: Mapped[str | None] = mapped_column(String(60))
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, info=PERSONAL)
    state: Mapped[RequestState] = mapped_column(enum_column(RequestState))
    submitted_at: Mapped[Moment]
    wished_on: Mapped[date | None]
    first_expected_at: Mapped[Moment]
    first_latest_at: Mapped[Moment]
    expected_at: Mapped[Moment]
    latest_at: Mapped[Moment]
    closed_at: Mapped[Moment | None]
    reopened_at: Mapped[Moment | None]
    reopened_count: Mapped[int] = mapped_column(default=0)
    legal_days: Mapped[int | None]
    legal_moved_days: Mapped[int] = mapped_column(default=0)
    legal_stopped_on: Mapped[date | None]
    legal_due_on: Mapped[date | None] = mapped_column(index=True)
    response_due_at: Mapped[Moment | None]
    responded_at: Mapped[Moment | None]
    unanswered_since: Mapped[Moment | None]
    next_moment_at: Mapped[Moment | None]
    next_kind: Mapped[NextKind | None] = mapped_column(enum_column(NextKind))
    has_promises: Mapped[bool] = mapped_column(default=False)
    has_approvals: Mapped[bool] = mapped_column(default=False)
    awaits: Mapped[ApproverKind | None] = mapped_column(enum_column(ApproverKind))
    cost_cents: Mapped[int] = mapped_column(default=0)
    cost_centre_id: Mapped[int | None] = mapped_column(ForeignKey("cost_centres.id"))
    tracking_hash: Mapped[str] = mapped_column(String(64), unique=True)
    tracking_seed: Mapped[str] = mapped_column(String(40))
    together_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    product: Mapped[Product] = relationship(lazy="raise_on_sql")
    product_version: Mapped[ProductVersion] = relationship(lazy="raise_on_sql")
    requester: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[requester_id])
    beneficiary: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[beneficiary_id])
    owner: Mapped[Department] = relationship(lazy="raise_on_sql")
    cost_centre: Mapped[CostCentre | None] = relationship(lazy="raise_on_sql")
    tasks: Mapped[list["Task"]] = relationship(lazy="raise_on_sql", back_populates="request", order_by="Task.position")
    approvals: Mapped[list["Approval"]] = relationship(lazy="raise_on_sql", back_populates="request", order_by="Approval.id")

    @property
    def number(self) -> str:
        """Give the number for people."""
        return request_number(year=self.submitted_at.year, request_id=self.id)

    @property
    def stream(self) -> str:
        """Give the stream of this request in the journal."""
        return f"request:{self.id}"

    def note_response(self, *, at: datetime) -> None:
        """Keep the first sign of a person; every one of them shows that what the customer wrote was read."""
        self.unanswered_since = None
        if self.responded_at is None:
            self.responded_at = at


class Task(Base):
    """One department's part of a request.

    All durations are working minutes of the department. The clock runs since `running_since`; before a
    suspension `worked_minutes` had passed. At `latest_start_at` it must begin for the wished day (without one, the latest
    date) to be expected still. `due_at` is the moment the department stands for (ready + norm +
    what it was extended by).
    `ladder` is how long such tasks took when this one became ready, `pause_ladder` how long its suspension may last
    (planning/forecast.py). While it waits for the customer `remind_at` is the moment of the next reminder. A waiting task
    does not begin before `not_before`; what comes after the `cut_off` of a day runs from the next one.
    What it costs (euro cents) is what it cost on the day of submitting; without a `payer` no price was known.
    `checklist` is a list of `{label: {nl, en}, is_done: bool}`.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_request_id", "request_id", "position"),
        Index("ix_tasks_queue", "department_id", "state", "due_at", "id"),
        Index("ix_tasks_handler", "handler_id", "state", "due_at", "id"),
        partial_index("ix_tasks_expected", "expected_at", where="finished_at IS NULL"),
        partial_index("ix_tasks_running", "block_id", "ready_at", where="finished_at IS NULL AND ready_at IS NOT NULL"),
        partial_index("ix_tasks_open", "department_id", "due_at", "id", where="finished_at IS NULL"),
        partial_index("ix_tasks_urgent", "department_id", "latest_start_at", "id", where="finished_at IS NULL"),
        partial_index("ix_tasks_remind", "remind_at", "id", where="remind_at IS NOT NULL"),
        partial_index("ix_tasks_not_before", "not_before", where="ready_at IS NULL AND not_before IS NOT NULL"),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    position: Mapped[int]
    block_id: Mapped[int] = mapped_column(ForeignKey("building_blocks.id"))
    block_version_id: Mapped[int] = mapped_column(ForeignKey("block_versions.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    state: Mapped[TaskState] = mapped_column(enum_column(TaskState))
    name: Mapped[LocalText] = mapped_column(LocalTextType)
    reason: Mapped[LocalText] = mapped_column(LocalTextType)
    norm_minutes: Mapped[int]
    expected_minutes: Mapped[int]
    latest_minutes: Mapped[int]
    starts_at: Mapped[Moment]
    expected_at: Mapped[Moment]
    latest_at: Mapped[Moment]
    due_at: Mapped[Moment]
    latest_start_at: Mapped[Moment]
    not_before: Mapped[Moment | None]
    cut_off: Mapped[time | None]
    ladder: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    pause_ladder: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    ready_at: Mapped[Moment | None]
    running_since: Mapped[Moment | None]
    worked_minutes: Mapped[int] = mapped_column(default=0)
    extensions: Mapped[int] = mapped_column(default=0)
    extended_minutes: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[Moment | None]
    suspended_at: Mapped[Moment | None]
    suspend_reason: Mapped[SuspendReason | None] = mapped_column(enum_column(SuspendReason))
    remind_at: Mapped[Moment | None]
    finished_at: Mapped[Moment | None]
    note: Mapped[str] = mapped_column(String(2000), default="", info=PERSONAL)
    once_cents: Mapped[int] = mapped_column(default=0)
    recurring_cents: Mapped[int] = mapped_column(default=0)
    period: Mapped[Period | None] = mapped_column(enum_column(Period))
    payer: Mapped[Payer | None] = mapped_column(enum_column(Payer))
    checklist: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)

    request: Mapped[Request] = relationship(lazy="raise_on_sql", back_populates="tasks")
    department: Mapped[Department] = relationship(lazy="raise_on_sql")
    team: Mapped[Team | None] = relationship(lazy="raise_on_sql")
    handler: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    block_version: Mapped[BlockVersion] = relationship(lazy="raise_on_sql")
    predecessors: Mapped[list["TaskDependency"]] = relationship(
        lazy="raise_on_sql", foreign_keys="TaskDependency.task_id", back_populates="task"
    )

    @property
    def allowed_minutes(self) -> int:
        """Give the working minutes that the department has: its norm, and what it was extended by."""
        return self.norm_minutes + self.extended_minutes


class TaskDependency(Base):
    """A task comes after another task of the same request, `lag_minutes` working minutes later at the earliest."""

    __tablename__ = "task_dependencies"

    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    after_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"), primary_key=True, index=True)
    kind: Mapped[DependencyKind] = mapped_column(enum_column(DependencyKind))
    lag_minutes: Mapped[int] = mapped_column(default=0)

    task: Mapped[Task] = relationship(lazy="raise_on_sql", foreign_keys=[task_id], back_populates="predecessors")


class Approval(Base):
    """An approval that tasks of a request wait for: one task, or without `task_id` all of them.

    `above_cents` is the limit that was passed (euro cents); durations are working minutes of the department, in whose
    hours it is expected, counted from `waits_since`.
    """

    __tablename__ = "approvals"

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"))
    name: Mapped[LocalText] = mapped_column(LocalTextType)
    mode: Mapped[ApprovalMode] = mapped_column(enum_column(ApprovalMode))
    above_cents: Mapped[int | None]
    amount_cents: Mapped[int]
    expected_minutes: Mapped[int]
    latest_minutes: Mapped[int]
    state: Mapped[ApprovalState] = mapped_column(enum_column(ApprovalState))
    asked_at: Mapped[Moment]
    settled_at: Mapped[Moment | None]

    request: Mapped[Request] = relationship(lazy="raise_on_sql", back_populates="approvals")
    department: Mapped[Department] = relationship(lazy="raise_on_sql")
    steps: Mapped[list["ApprovalStep"]] = relationship(lazy="raise_on_sql", back_populates="approval", order_by="ApprovalStep.position")

    @property
    def waits_since(self) -> datetime:
        """Give since when the approvers are asked whose answer is waited for; load it with its steps."""
        return max((one.asked_at for one in self.steps if one.asked_at and one.state is StepState.ASKED), default=self.asked_at)


class ApprovalStep(Base):
    """One approver of an approval: a person, or else everybody with `role` for the department (None: anywhere).

    `route` says why it is not the one whom the rule names. Who decided for somebody else did so on behalf of that person.
    `remind_at` is when the approver is reminded, while asked.
    """

    __tablename__ = "approval_steps"
    __table_args__ = (
        Index("ix_approval_steps_approval_id", "approval_id", "position"),
        partial_index("ix_approval_steps_asked", "approver_id", where="state = 'asked'"),
        partial_index("ix_approval_steps_remind", "remind_at", where="state = 'asked'"),
    )

    id: Mapped[Id]
    approval_id: Mapped[int] = mapped_column(ForeignKey("approvals.id"))
    position: Mapped[int]
    kind: Mapped[ApproverKind] = mapped_column(enum_column(ApproverKind))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    role: Mapped[Role | None] = mapped_column(enum_column(Role, length=30))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    route: Mapped[Route] = mapped_column(enum_column(Route))
    state: Mapped[StepState] = mapped_column(enum_column(StepState))
    asked_at: Mapped[Moment | None]
    remind_at: Mapped[Moment | None]
    reminders: Mapped[int] = mapped_column(default=0)
    decided_at: Mapped[Moment | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), info=PERSONAL)
    reason: Mapped[str] = mapped_column(String(2000), default="", info=PERSONAL)

    approval: Mapped[Approval] = relationship(lazy="raise_on_sql", back_populates="steps")
    department: Mapped[Department | None] = relationship(lazy="raise_on_sql")
    approver: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[approver_id])
