"""Words for simulations."""

from collections.abc import Mapping
from typing import Final

from portal.simulating.tally import Spread
from portal.simulating.workflow import SimulationState
from portal.web.words import _, _l, ngettext

SIMULATION_STATES: Final[Mapping[SimulationState, str]] = {
    SimulationState.RUNNING: _l("Being worked out"),
    SimulationState.DONE: _l("Ready"),
    SimulationState.CANCELLED: _l("Stopped"),
    SimulationState.FAILED: _l("Went wrong"),
}

STATE_TONES: Final[Mapping[SimulationState, str]] = {
    SimulationState.RUNNING: "progress",
    SimulationState.DONE: "done",
    SimulationState.CANCELLED: "neutral",
    SimulationState.FAILED: "refused",
}


def moved_words(days: int | None) -> str:
    """Say by how many days a date moves."""
    if days is None:
        return _("no date")
    if days == 0:
        return _("same day")
    if days > 0:
        return ngettext("%(num)d day later", "%(num)d days later", days)
    return ngettext("%(num)d day earlier", "%(num)d days earlier", -days)


def spread_sentence(spread: Spread | None) -> str:
    """Say how the latest dates of a situation move, in one sentence."""
    if spread is None:
        return _("There are no dates to compare.")
    if spread.same == spread.count:
        return _("Every date stays the same.")
    return _("The middle one: %(median)s. For 8 of 10: %(most)s at most.", median=moved_words(spread.median), most=moved_words(spread.most))


def days_words(days: int | None) -> str:
    """Write a number of calendar days."""
    return "\N{EN DASH}" if days is None else ngettext("%(num)d day", "%(num)d days", days)
