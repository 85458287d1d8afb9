"""Words for what a catalogue manager reads: places in a definition, what is wrong there, conditions, and what happened to a version."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from portal.catalog.definition import Condition
from portal.catalog.labels import VERSION_STATES
from portal.catalog.workflow import VersionState
from portal.core.journal import JournalEntry
from portal.web.filters import day
from portal.web.words import _, _l

TONES: Final[Mapping[VersionState, str]] = {
    VersionState.DRAFT: "neutral",
    VersionState.IN_REVIEW: "waiting",
    VersionState.SCHEDULED: "info",
    VersionState.PUBLISHED: "done",
    VersionState.RETIRED: "refused",
}

FIELDS: Final[Mapping[str, Any]] = {
    "after": _l("Comes after"),
    "amount": _l("Number"),
    "at_least": _l("At least"),
    "at_most": _l("At most"),
    "audience": _l("Who may ask"),
    "block": _l("Building block"),
    "checklist": _l("Checklist"),
    "chosen": _l("On by default"),
    "code": _l("Code"),
    "conditions": _l("Conditions"),
    "cost_cents": _l("Cost"),
    "department": _l("Department"),
    "dependencies": _l("Order of the work"),
    "description": _l("What you get"),
    "en": _l("English"),
    "go_to": _l("Leads to product"),
    "help": _l("Help"),
    "icon": _l("Icon"),
    "kind": _l("Kind"),
    "known": _l("Filled in by itself from"),
    "label": _l("Question or answer"),
    "level": _l("Level"),
    "lines": _l("Building blocks"),
    "name": _l("Name"),
    "need": _l("Required or not"),
    "next": _l("Next question"),
    "nl": _l("Dutch"),
    "norm": _l("Norm"),
    "not_in_past": _l("Not in the past"),
    "options": _l("Answers"),
    "outcome": _l("Outcome"),
    "outcomes": _l("Outcomes"),
    "owner": _l("Owner"),
    "privacy": _l("Privacy"),
    "questions": _l("Questions"),
    "reason": _l("Reason"),
    "start": _l("First question"),
    "summary": _l("In one sentence"),
    "task": _l("Task for the department"),
    "the order": _l("the order"),
    "theme": _l("Theme"),
    "tier": _l("Service level"),
    "tree": _l("Choice tree"),
    "unit": _l("Unit"),
    "when": _l("Only when"),
    "why": _l("Why we ask this"),
    "upn": _l("Uniform product name"),
    "wished_date": _l("Question for the wished date"),
}

FAULTS: Final[Mapping[str, Any]] = {
    "bundle_or_other_product": _l("An outcome has building blocks or leads to another product, not both."),
    "cycle": _l("These wait for each other in a circle. Take one of the steps out."),
    "double_code": _l("This code is used already. Choose another."),
    "in_past": _l("Choose a day in the future."),
    "invalid_condition": _l("This condition cannot be read. Fill in the question, the comparison and the value."),
    "next_or_outcome": _l("Choose where this answer leads: to a question or to an outcome."),
    "not_a_code": _l("Use small letters, digits and hyphens only."),
    "not_a_number": _l("Write a whole number."),
    "not_a_text": _l("Fill this in."),
    "not_for_this_kind": _l("Only questions with choices have answers to choose from."),
    "not_yes_or_no": _l("Write yes or no."),
    "required": _l("Fill this in."),
    "reserved": _l("This code is the address of another page. Choose another."),
    "too_small": _l("Use a number of 1 or more."),
    "unknown_block": _l("This building block is not published. Publish it first, or take it out."),
    "unknown_department": _l("This department does not exist."),
    "unknown_icon": _l("This icon does not exist."),
    "unknown_option": _l("This answer does not exist."),
    "unknown_outcome": _l("This outcome does not exist."),
    "unknown_question": _l("Nobody asks this question here."),
    "unknown_role": _l("This role does not exist."),
    "unknown_value": _l("Choose one of the possibilities."),
    "unreachable": _l("No answer leads here. Let an answer lead to it, or take it out."),
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


def condition_words(condition: Condition | None, names: Mapping[str, str]) -> str:
    """Write a condition as people read it; `names` are the questions by code."""
    match condition:
        case None:
            return _("always")
        case {"all": parts}:
            return _(" and ").join(condition_words(part, names) for part in parts)
        case {"any": parts}:
            return _(" or ").join(condition_words(part, names) for part in parts)
        case {"not": part}:
            return _("not: %(condition)s", condition=condition_words(part, names))
    name, expected = next((name, expected) for name, expected in condition.items() if name != "question")
    code = str(condition["question"])
    return _COMPARISONS[name](names.get(code, code), value_words(expected))


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
