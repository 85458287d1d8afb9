"""Conditions on answers: when a line belongs in a bundle, and when a question is asked.

A condition is data: `{question, is | in | has | at_least | at_most | answered}`, or `{all: […]}`, `{any: […]}`, `{not: …}`.
An unanswered question makes a comparison false.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from portal.catalog.definition import Answers, Condition

Comparison = Callable[[Any, Any], bool]


def holds(condition: Condition | None, answers: Answers) -> bool:
    """Decide whether a condition holds for these answers; no condition always holds.

    :raises ValueError: it is no condition; `find_faults` tells where.
    """
    match condition:
        case None:
            return True
        case {"all": parts}:
            return all(holds(part, answers) for part in parts)
        case {"any": parts}:
            return any(holds(part, answers) for part in parts)
        case {"not": part}:
            return not holds(part, answers)
        case {"question": code}:
            name, expected = _comparison(condition)
            return _compare(name, answers.get(code), expected)
    message = f"this is no condition: {condition!r}"
    raise ValueError(message)


def foresee(condition: Condition | None, answers: Answers) -> bool | None:
    """Tell whether a condition holds, before everything is answered; None when that hangs on a code not in `answers`.

    A question that will stay unanswered is in `answers` with None.
    """
    match condition:
        case {"all": parts}:
            return _weigh([foresee(part, answers) for part in parts], decisive=False)
        case {"any": parts}:
            return _weigh([foresee(part, answers) for part in parts], decisive=True)
        case {"not": part}:
            seen = foresee(part, answers)
            return None if seen is None else not seen
        case {"question": code} if code not in answers:
            return None
    return holds(condition, answers)


def asked_codes(condition: Condition | None) -> frozenset[str]:
    """Give the codes of the questions that a condition looks at."""
    return frozenset(str(one["question"]) for one in comparisons(condition))


def comparisons(condition: Condition | None) -> Sequence[Condition]:
    """List the comparisons with a question that a condition is made of, in order."""
    match condition:
        case {"all": parts} | {"any": parts}:
            return [one for part in parts for one in comparisons(part)]
        case {"not": part}:
            return comparisons(part)
        case None:
            return []
    return [condition]


def find_faults(condition: object, path: str = "") -> list[str]:
    """Give the places in a condition that cannot be read, such as `all[1].at_least`; empty when it is right.

    `path` is where the condition itself stands.
    """
    names = set(condition) if isinstance(condition, Mapping) else set[object]()
    match condition:
        case {"all": parts} if names == {"all"}:
            return _part_faults(parts, _inside(path, "all"))
        case {"any": parts} if names == {"any"}:
            return _part_faults(parts, _inside(path, "any"))
        case {"not": part} if names == {"not"}:
            return find_faults(part, _inside(path, "not"))
        case {"question": code, **comparison} if len(comparison) == 1:
            ((name, expected),) = comparison.items()
            return _comparison_faults(code, str(name), expected, path)
    return [path]


def is_answered(answer: object) -> bool:
    """Tell whether there is an answer: no, zero and false are answers, an empty text or list is not."""
    return answer is not None and (not isinstance(answer, str | Sequence) or bool(answer.strip() if isinstance(answer, str) else answer))


def _weigh(parts: Sequence[bool | None], *, decisive: bool) -> bool | None:
    """Weigh the parts of `all` (one false decides) or `any` (one true decides)."""
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive


def _comparison(condition: Condition) -> tuple[str, Any]:
    """Give the name of a comparison and what it expects."""
    return next((name, expected) for name, expected in condition.items() if name != "question")


def _compare(name: str, answer: object, expected: object) -> bool:
    if name == "answered":
        return is_answered(answer) is expected
    return is_answered(answer) and _COMPARISONS[name](answer, expected)


def _equal(answer: object, expected: object) -> bool:
    # In Python True is 1; an answer "yes" is not the number one.
    return isinstance(answer, bool) is isinstance(expected, bool) and answer == expected


def _contains(values: object, value: object) -> bool:
    return isinstance(values, Sequence) and not isinstance(values, str) and any(_equal(one, value) for one in values)


def _is_single(value: object) -> bool:
    return isinstance(value, str | int | float)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_COMPARISONS: Final[Mapping[str, Comparison]] = {
    "is": _equal,
    "in": lambda answer, expected: _contains(expected, answer),
    "has": _contains,
    "at_least": lambda answer, expected: _is_number(answer) and answer >= expected,
    "at_most": lambda answer, expected: _is_number(answer) and answer <= expected,
}

_EXPECTS: Final[Mapping[str, Callable[[object], bool]]] = {
    "is": _is_single,
    "in": lambda value: isinstance(value, Sequence) and not isinstance(value, str) and bool(value) and all(map(_is_single, value)),
    "has": lambda value: isinstance(value, str),
    "at_least": _is_number,
    "at_most": _is_number,
    "answered": lambda value: isinstance(value, bool),
}


def _comparison_faults(code: object, name: str, expected: object, path: str) -> list[str]:
    faults = [] if isinstance(code, str) and code else [_inside(path, "question")]
    if name not in _EXPECTS or not _EXPECTS[name](expected):
        faults.append(_inside(path, name))
    return faults


def _part_faults(parts: object, path: str) -> list[str]:
    if isinstance(parts, str) or not isinstance(parts, Sequence) or not parts:
        return [path]
    return [fault for index, part in enumerate(parts) for fault in find_faults(part, f"{path}[{index}]")]


def _inside(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
