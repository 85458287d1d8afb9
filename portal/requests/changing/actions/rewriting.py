"""The answers of a request that runs: which of them change, writing the new ones down, and telling it to a department."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from portal.catalog.definition import Question
from portal.core.texts import LocalText
from portal.requests.models import Request
from portal.requests.ordering.answers import show_answer
from portal.requests.ordering.content import describe_answer

_OPEN: Final = "…"


def list_changed(*, request: Request, asked: Sequence[Question], given: Mapping[str, Any]) -> Sequence[Question]:
    """List of these questions those that are answered otherwise than the request has it, or not any more."""
    before = {one["code"]: one["value"] for one in request.answers}
    return [one for one in asked if before.get(one.code) != given.get(one.code)]


def rewrite_answers(
    *,
    request: Request,
    asked: Sequence[Question],
    given: Mapping[str, Any],
    places: Mapping[str, LocalText],
    hidden: Collection[str] = (),
) -> None:
    """Put the new answers in the place of the old; one that was left open until now comes last.

    Of what was `asked`, what is not given goes, as do those that nobody is asked any more (`hidden`, by code).
    """
    new = {one.code: describe_answer(one, given[one.code], locations=places) for one in asked if one.code in given}
    gone = {one.code for one in asked} - set(new) | set(hidden)
    kept = [new.pop(one["code"], one) for one in request.answers if one["code"] not in gone]
    request.answers = [*kept, *new.values()]


def changes_told(*, request: Request, changed: Sequence[Question], given: Mapping[str, Any], places: Mapping[str, LocalText]) -> str:
    """Write down what will be changed, in the language of the organisation: a person of the department reads it."""
    before = {one["code"]: one["shown"]["nl"] for one in request.answers}
    lines = []
    for one in changed:
        new = show_answer(one, given[one.code], locations=places).nl if one.code in given else _OPEN
        lines.append(f"{one.label.nl} {before.get(one.code, _OPEN)} → {new}")
    return "\n".join(lines)
