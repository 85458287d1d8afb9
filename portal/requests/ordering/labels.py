"""Words for whether a wished date is feasible. Every code has words in both languages."""

from collections.abc import Mapping
from typing import Any, Final

from portal.requests.ordering.wishing import Feasibility
from portal.web.words import _l

FEASIBILITIES: Final[Mapping[Feasibility, Any]] = {
    Feasibility.FEASIBLE: _l("feasible"),
    Feasibility.TIGHT: _l("tight"),
    Feasibility.NOT_FEASIBLE: _l("not feasible"),
}
