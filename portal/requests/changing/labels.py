"""Words for what stands in the way of a change. Every code has words in both languages."""

from collections.abc import Mapping
from typing import Any, Final

from portal.requests.changing.joining import Hurdle
from portal.requests.changing.no_return import Barrier
from portal.web.words import _l

BARRIERS: Final[Mapping[Barrier, Any]] = {
    Barrier.CLOSED: _l("it is closed"),
    Barrier.READY: _l("the department has it already"),
    Barrier.STARTED: _l("the department has begun"),
    Barrier.TOO_LATE: _l("it is too close to the day for which it is meant"),
    Barrier.NEEDED: _l("another part that goes on needs it"),
}

HURDLES: Final[Mapping[Hurdle, Any]] = {
    Hurdle.REFUSED: _l("Cannot be added: “%(name)s” was refused."),
    Hurdle.NEEDS_GONE: _l("Cannot be added alone: it needs “%(name)s”, which is not part of this request any more."),
    Hurdle.TOO_LATE: _l("Cannot be added any more: it is too close to the day for which it is meant."),
    Hurdle.STAYS: _l("Cannot be changed any more: “%(name)s” would have to stop, and for that it is too late."),
    Hurdle.FOLLOWER: _l("Cannot be added any more: it has to come before “%(name)s”, and for that it is too late."),
}
