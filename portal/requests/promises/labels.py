"""Words for promises: as the requester reads them, as colleagues do, and what happened to them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from portal.requests.promises.queries import PromiseTab
from portal.requests.promises.workflow import Channel, PromiseState
from portal.requests.workflow import NextKind
from portal.web.filters import clock, day
from portal.web.words import _, _l

CHANNELS: Final[Mapping[Channel, Any]] = {
    Channel.PHONE: _l("By phone"),
    Channel.MAIL: _l("By e-mail"),
    Channel.COUNTER: _l("At the counter"),
    Channel.CHAT: _l("By chat"),
    Channel.PORTAL: _l("With a message on the page of the request"),
}

PROMISE_STATES: Final[Mapping[PromiseState, Any]] = {
    PromiseState.OPEN: _l("to be kept"),
    PromiseState.KEPT: _l("kept"),
    PromiseState.KEPT_EARLY: _l("kept early"),
    PromiseState.BROKEN: _l("not kept"),
    PromiseState.CANCELLED: _l("not needed any more"),
}

PROMISE_TONES: Final[Mapping[PromiseState, str]] = {
    PromiseState.OPEN: "info",
    PromiseState.KEPT: "done",
    PromiseState.KEPT_EARLY: "done",
    PromiseState.BROKEN: "refused",
    PromiseState.CANCELLED: "neutral",
}

TABS: Final[Mapping[PromiseTab, Any]] = {
    PromiseTab.DUE: _l("To be kept"),
    PromiseTab.BROKEN: _l("Not kept"),
    PromiseTab.KEPT: _l("Kept"),
}

EMPTY_TITLES: Final[Mapping[PromiseTab, Any]] = {
    PromiseTab.DUE: _l("No promises to keep"),
    PromiseTab.BROKEN: _l("No broken promises"),
    PromiseTab.KEPT: _l("No promises kept yet"),
}

EMPTY_TEXTS: Final[Mapping[PromiseTab, Any]] = {
    PromiseTab.DUE: _l("Open a request and choose “Promise something to the requester”. Then it stands here, the first moment on top."),
    PromiseTab.BROKEN: _l("A promise whose moment passed without a tick stands here, until there is a new promise instead of it."),
    PromiseTab.KEPT: _l("A promise that you tick with its outcome stands here, the last one on top."),
}

NEXT_KINDS: Final[Mapping[NextKind, Any]] = {
    NextKind.PROMISE: _l("a promise"),
    NextKind.QUESTION: _l("a question that waits for the customer"),
    NextKind.EXPECTED: _l("the expected date"),
}

FAULTS: Final[Mapping[str, Any]] = {
    "required": _l("Fill this in."),
    "too_long": _l("Use at most 300 characters."),
    "past": _l("Choose a moment that is still to come."),
    "too_far": _l("Choose a moment within a year."),
    "same": _l("This is the moment that was promised already. Choose another one."),
}


def promise_sentence(channel: Channel, due_at: datetime) -> str:
    """Say to the requester what we promised."""
    return _SENTENCES[channel](day(due_at), clock(due_at))


def when(due_at: datetime) -> str:
    """Write the exact moment of a promise."""
    return _("%(day)s at %(time)s", day=day(due_at), time=clock(due_at))


_SENTENCES: Final[Mapping[Channel, Callable[[str, str], str]]] = {
    Channel.PHONE: lambda day, time: _("We call you on %(day)s at %(time)s.", day=day, time=time),
    Channel.MAIL: lambda day, time: _("We send you an e-mail on %(day)s, at %(time)s at the latest.", day=day, time=time),
    Channel.COUNTER: lambda day, time: _("We expect you at the counter on %(day)s at %(time)s.", day=day, time=time),
    Channel.CHAT: lambda day, time: _("We chat with you on %(day)s at %(time)s.", day=day, time=time),
    Channel.PORTAL: lambda day, time: _(
        "We put a message for you on the page of your request on %(day)s, at %(time)s at the latest.", day=day, time=time
    ),
}


def _said(data: Mapping[str, Any]) -> str:
    return promise_sentence(Channel(data["channel"]), datetime.fromisoformat(data["due_at"]))


def _moment(data: Mapping[str, Any], key: str = "due_at") -> str:
    return when(datetime.fromisoformat(data[key]))


def _kept(data: Mapping[str, Any]) -> str:
    if data["is_early"]:
        return _("We kept our promise of %(moment)s, earlier than we said.", moment=_moment(data))
    return _("We kept our promise of %(moment)s.", moment=_moment(data))


PROMISE_SENTENCES: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "promise_made": lambda data: _("Promised: “%(promise)s”", promise=_said(data)),
    "promise_kept": _kept,
    "promise_moved": lambda data: _(
        "Our promise of %(old)s has another moment. Promised now: “%(promise)s”", old=_moment(data, "old_due_at"), promise=_said(data)
    ),
    "promise_broken": lambda data: _("We did not do what we promised: “%(promise)s” We are sorry.", promise=_said(data)),
    "promise_cancelled": lambda data: _("Our promise of %(moment)s is not needed any more: the request is closed.", moment=_moment(data)),
    "promise_comes_due": lambda data: _("A colleague was reminded of the promise of %(moment)s.", moment=_moment(data)),
}
