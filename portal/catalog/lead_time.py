"""How long a product takes, in working days: by its norms, and as it went lately."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from portal.catalog.definition import ProductDefinition
from portal.catalog.variants import AT_ONCE, Presence, Variant, total_days
from portal.planning.models import Pace
from portal.planning.norm import Norm, NormUnit
from portal.planning.worktime import Calendar, CalendarError

MEASURED: Final = 5
"""With fewer finished tasks nothing is said about how long they took: it would be chance, and about people."""

Waits = Mapping[str, tuple[float, float]]

_HOUR_MINUTES: Final = 60
_DAY_MINUTES: Final = 8 * _HOUR_MINUTES


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockTime:
    """How long a building block takes; `pace` only when there are enough measurements. A day is one of its department."""

    norm: Norm
    norm_minutes: int
    day_minutes: int
    pace: Pace | None = None

    @property
    def norm_days(self) -> float:
        """Give the norm in working days."""
        return self.norm_minutes / self.day_minutes

    @property
    def usual_days(self) -> float:
        """Give the working days it took lately, or the norm when that was not measured."""
        return self.pace.expected_minutes / self.day_minutes if self.pace else self.norm_days


@dataclass(frozen=True, slots=True)
class LeadTime:
    """The fewest and most working days a product takes, over its variants; `is_measured` when it says how it went lately."""

    fewest: float
    most: float
    is_measured: bool


def block_time(norm: Norm, *, calendar: Calendar | None, pace: Pace | None) -> BlockTime:
    """Put together how long a building block takes, with the hours of its department and what was measured."""
    minutes, day = _norm_minutes(norm, calendar)
    return BlockTime(norm=norm, norm_minutes=minutes, day_minutes=day, pace=pace if pace and pace.finished >= MEASURED else None)


def lead_time(
    definition: ProductDefinition, variants: Sequence[Variant], times: Mapping[str, BlockTime], *, waits: Waits = AT_ONCE
) -> LeadTime | None:
    """Reckon the working days until all of a product is done; None when a block of it is not published.

    `waits` gives per block after how many days its approvals are given: of those that are sure, and of all that may be
    needed. The fewest without what hangs on answers, the most with it; optional blocks as they are offered.
    """
    codes = {one.line.block for variant in variants for one in variant.lines if one.presence is not Presence.EXTRA}
    if not codes or not codes <= times.keys():
        return None
    is_measured = any(times[code].pace for code in codes)
    chains = [
        total_days(
            definition,
            {one.line.block: times[one.line.block].usual_days for one in variant.lines if is_counted(one.presence)},
            begins={code: days[at] for code, days in waits.items()},
        )
        for variant in variants
        for at, is_counted in enumerate((_counts_at_least, _counts_at_most))
    ]
    return LeadTime(min(chains), max(chains), is_measured)


def _counts_at_least(presence: Presence) -> bool:
    return presence in {Presence.ALWAYS, Presence.OPTIONAL}


def _counts_at_most(presence: Presence) -> bool:
    return presence is not Presence.EXTRA


def _norm_minutes(norm: Norm, calendar: Calendar | None) -> tuple[int, int]:
    """Give a norm and one day in working minutes; of a department without opening hours by days of eight hours."""
    day = _DAY_MINUTES
    if calendar is not None:
        with suppress(CalendarError):
            day = calendar.day_minutes
    return (norm.amount * day if norm.unit is NormUnit.WORKING_DAYS else norm.amount * _HOUR_MINUTES), day
