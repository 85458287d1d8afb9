"""What is agreed about a product or a building block besides its content: who approves, when it begins, until when it can change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.people.roles import Role
from portal.planning.norm import Norm


class Anchor(StrEnum):
    """What the beginning of a line is counted from: on from submitting, or back from the wished date."""

    SUBMIT = "submit"
    WISHED_DATE = "wished_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """A line does not begin before this long after submitting, or this long before the wished date."""

    length: Norm
    anchor: Anchor


class NoReturnMoment(StrEnum):
    """From when on a line can no longer be changed or cancelled by the requester."""

    READY = "ready"
    STARTED = "started"
    BEFORE_WISHED_DATE = "before_wished_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReturn:
    """The point of no return of a building block; `length` only counts back from the wished date."""

    moment: NoReturnMoment
    length: Norm | None = None


class Period(StrEnum):
    """How often a recurring amount is paid."""

    MONTH = "month"
    YEAR = "year"


class Payer(StrEnum):
    """Who pays: the cost centre for which it is asked, or the department that owns it, from the central budget."""

    COST_CENTRE = "cost_centre"
    CENTRAL = "central"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What something costs, in euro cents: once, each `period`, or both; until and with `until_on`.

    Without `from_on` it always held, without `until_on` it has no end.
    """

    once_cents: int = 0
    recurring_cents: int = 0
    period: Period | None = None
    payer: Payer = Payer.COST_CENTRE
    from_on: date | None = None
    until_on: date | None = None


class ApproverKind(StrEnum):
    """Where an approver comes from."""

    MANAGER = "manager"
    BUDGET_HOLDER = "budget_holder"
    PRODUCT_OWNER = "product_owner"
    ROLE = "role"
    FROM_ANSWER = "from_answer"


class ApprovalMode(StrEnum):
    """Whose approval is enough: one of them, all of them, or all of them one after the other."""

    ONE_OF = "one_of"
    ALL_OF = "all_of"
    IN_ORDER = "in_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approver:
    """Somebody who approves: `role` says which role, `question` which answer (a person) names them."""

    kind: ApproverKind
    role: Role | None = None
    question: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRule:
    """Who approves, and when that is needed: always, above an amount (euro cents), or when a condition on the answers holds."""

    approvers: tuple[Approver, ...]
    mode: ApprovalMode = ApprovalMode.ALL_OF
    above_cents: int | None = None
    when: Mapping[str, Any] | None = None
