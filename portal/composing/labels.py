"""Words for what a catalogue manager reads: conditions, places in a definition, and what happened to a version."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from portal.catalog.definition import Condition, QuestionKind
from portal.catalog.labels import VERSION_STATES
from portal.catalog.workflow import VersionState
from portal.composing.subjects import Subject
from portal.composing.vocabulary import FAULTS, FIELDS
from portal.core.journal import JournalEntry
from portal.web.filters import day, money
from portal.web.language import local
from portal.web.words import _

TONES: Final[Mapping[VersionState, str]] = {
    VersionState.DRAFT: "neutral",
    VersionState.IN_REVIEW: "waiting",
    VersionState.SCHEDULED: "info",
    VersionState.PUBLISHED: "done",
    VersionState.RETIRED: "refused",
}

_PARTS: Final = re.compile(r"[^.\[\],]+|\[[^\]]*\]|, the order")


def state_word(state: VersionState) -> str:
    """Give the word for a state."""
    return str(VERSION_STATES[state])


def fault_words(code: str) -> str:
    """Say what is wrong; some codes carry what it is about after a colon."""
    name, _colon, subject = code.partition(": ")
    words = str(FAULTS.get(name, FAULTS["invalid_condition"]))
    return f"{subject}: {words}" if subject else words


def place_words(place: str, data: object = None) -> str:
    """Name a place in a definition: "Outcomes, extern: Building blocks, lunch: Reason". `data` names parts that have a number only."""
    steps: list[str] = []
    for part in _PARTS.findall(place):
        if part.startswith("["):
            name, data = _named(part[1:-1], data)
            steps[-1:] = [f"{steps[-1]}, {name}"] if steps else [name]
        else:
            name = part.removeprefix(", ").strip()
            steps.append(str(FIELDS.get(name, name)))
            data = data.get(name) if isinstance(data, Mapping) else None
    return ": ".join(steps)


def _named(index: str, data: object) -> tuple[str, object]:
    if not index.isdecimal() or not isinstance(data, Sequence) or int(index) >= len(data):
        return index, None
    part = data[int(index)]
    if isinstance(part, Mapping):
        return str(part.get("code") or part.get("block") or int(index) + 1), part
    return str(int(index) + 1), part


def condition_words(condition: Condition | None, subjects: Mapping[str, Subject]) -> str:
    """Write a condition as people read it; `subjects` are what it looks at, by code: amounts are euros, answers have their words."""
    match condition:
        case None:
            return _("always")
        case {"all": parts}:
            return _(" and ").join(condition_words(part, subjects) for part in parts)
        case {"any": parts}:
            return _(" or ").join(condition_words(part, subjects) for part in parts)
        case {"not": part}:
            return _("not: %(condition)s", condition=condition_words(part, subjects))
    name, expected = next((name, expected) for name, expected in condition.items() if name != "question")
    code = str(condition["question"])
    subject = subjects.get(code)
    return _COMPARISONS[name](local(subject.label) if subject else code, _expected_words(expected, subject))


def _expected_words(expected: object, subject: Subject | None) -> str:
    if isinstance(expected, Sequence) and not isinstance(expected, str):
        return ", ".join(_expected_words(one, subject) for one in expected)
    if subject is not None and subject.kind is QuestionKind.MONEY and isinstance(expected, int) and not isinstance(expected, bool):
        return money(expected)
    option = subject.options.get(expected) if subject is not None and isinstance(expected, str) else None
    return local(option) if option is not None else value_words(expected)


def value_words(value: object) -> str:
    """Write a value of a definition."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(value_words(one) for one in value)
    return str(value)


_COMPARISONS: Final[Mapping[str, Callable[[str, str], str]]] = {
    "is": lambda question, value: _("“%(question)s” is %(value)s", question=question, value=value),
    "in": lambda question, value: _("“%(question)s” is one of %(value)s", question=question, value=value),
    "has": lambda question, value: _("“%(question)s” contains %(value)s", question=question, value=value),
    "at_least": lambda question, value: _("“%(question)s” is at least %(value)s", question=question, value=value),
    "at_most": lambda question, value: _("“%(question)s” is at most %(value)s", question=question, value=value),
    "answered": lambda question, value: _("“%(question)s” is filled in: %(value)s", question=question, value=value),
}


def history_sentence(entry: JournalEntry, who: str) -> str:
    """Say what happened to a version, and who did it."""
    known = {"who": who, "number": entry.data["number"]}
    return _HISTORY[entry.type](known, entry.data)


def _started(known: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    if data["source"] is None:
        return _("%(who)s began version %(number)d.", **known)
    return _("%(who)s began version %(number)d from version %(source)d.", source=data["source"], **known)


def _changed(known: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    fields = ", ".join(str(FIELDS.get(field, field)) for field in data["fields"])
    return _("%(who)s changed version %(number)d: %(fields)s.", fields=fields, **known)


def _failed(known: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    places = ", ".join(place_words(place) for place in data["faults"])
    return _("Version %(number)d could not come out on its day and is a draft again. Look at: %(places)s.", places=places, **known)


def _scheduled(known: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    on = day(datetime.fromisoformat(data["publish_at"]))
    return _("%(who)s approved version %(number)d. It comes out on %(day)s.", day=on, **known)


def _published(known: Mapping[str, Any], _data: Mapping[str, Any]) -> str:
    return _("%(who)s published version %(number)d.", **known)


_HISTORY: Final[Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], str]]] = {
    "draft_started": _started,
    "draft_changed": _changed,
    "draft_withdrawn": lambda known, _data: _("%(who)s put version %(number)d aside.", **known),
    "review_asked": lambda known, _data: _("%(who)s sent version %(number)d for review.", **known),
    "version_sent_back": lambda known, data: _("%(who)s sent version %(number)d back: %(reason)s", reason=data["reason"], **known),
    "version_scheduled": _scheduled,
    "publication_failed": _failed,
    "version_restored": lambda known, data: _(
        "%(who)s brought back version %(restored)d as version %(number)d.", restored=data["restored"], **known
    ),
    "product_published": _published,
    "block_published": _published,
}
