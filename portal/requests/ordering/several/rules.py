"""Which questions of an order for several people are answered for each of them, and whom such an order can hold. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from portal.catalog.conditions import asked_codes
from portal.catalog.definition import Privacy, Question, QuestionKind

MOST_PERSONS: Final = 25

# What is chosen or counted is often the same for everybody; what is typed is about one person.
_PROPOSED: Final = frozenset(
    {
        QuestionKind.DATE,
        QuestionKind.TIME,
        QuestionKind.NUMBER,
        QuestionKind.YES_NO,
        QuestionKind.ONE_OF,
        QuestionKind.SEVERAL_OF,
        QuestionKind.LOCATION,
        QuestionKind.PERSON,
    }
)


def codes_per_person(questions: Iterable[Question]) -> frozenset[str]:
    """Give the questions that each person answers: those that say so, and those that hang on the answer to such a one."""
    by_code = {question.code: question for question in questions}
    found = {code for code, question in by_code.items() if question.per_person}
    while more := {code for code, question in by_code.items() if code not in found and found & set(asked_codes(question.when))}:
        found |= more
    return frozenset(found)


def answers_of_one(
    *, shared: Mapping[str, Any], own: Mapping[str, Any], asked_first: Iterable[str], per_person: frozenset[str]
) -> dict[str, Any]:
    """Put together what counts for one more person: what the first answered for all, and what was answered for this one.

    What the first was not asked (`asked_first` lists the codes) is this person's own too.
    """
    of_all = frozenset(asked_first) - per_person
    return {code: answer for code, answer in shared.items() if code in of_all} | {
        code: answer for code, answer in own.items() if code not in of_all
    }


def questions_of_one(questions: Sequence[Question], *, asked_first: Iterable[str], per_person: frozenset[str]) -> tuple[Question, ...]:
    """List what is asked of one more person; a file is asked of the first only."""
    of_all = frozenset(asked_first) - per_person
    return tuple(question for question in questions if question.code not in of_all and question.kind is not QuestionKind.FILE)


def proposed_answers(questions: Sequence[Question], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Give what can be filled in beforehand for one more person: what was chosen for the first, nothing that was typed or is sensitive."""
    return {
        question.code: answers[question.code]
        for question in questions
        if question.code in answers and question.kind in _PROPOSED and question.privacy is not Privacy.SENSITIVE
    }


def names_in(text: str) -> list[str]:
    """Read names of which each stands on a line."""
    return [name for line in text.splitlines() if (name := " ".join(line.split()))]


def first_double(names: Sequence[str], *, there: Iterable[str]) -> str | None:
    """Find the first name that is there already, or stands twice among these, in any case of letters."""
    seen = {name.casefold() for name in there}
    for name in names:
        if name.casefold() in seen:
            return name
        seen.add(name.casefold())
    return None
