"""Whether a condition can ever hold: the answers that are tried are enough."""

from collections.abc import Sequence
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from portal.catalog.conditions import holds
from portal.catalog.definition import Condition, Need, Option, Privacy, Question, QuestionKind
from portal.catalog.inspection.possible import can_hold
from tests.catalog.strategies import conditions
from tests.factories import words

KINDS = (QuestionKind.YES_NO, QuestionKind.ONE_OF, QuestionKind.SEVERAL_OF, QuestionKind.NUMBER)
ANSWERS = {
    QuestionKind.YES_NO: [None, True, False],
    QuestionKind.ONE_OF: [None, "x", "y"],
    QuestionKind.SEVERAL_OF: [None, ["x"], ["y"], ["x", "y"]],
    QuestionKind.NUMBER: [None, *range(-3, 13)],
}


def question(code: str, kind: QuestionKind, options: Sequence[str] = ("x", "y")) -> Question:
    has_options = kind in {QuestionKind.ONE_OF, QuestionKind.SEVERAL_OF}
    answers = tuple(Option(code=one, label=words(one)) for one in options) if has_options else ()
    return Question(code=code, kind=kind, label=words(code), need=Need.OPTIONAL, privacy=Privacy.NONE, options=answers)


@given(conditions, st.tuples(*(st.sampled_from(KINDS) for _ in range(3))), st.sampled_from([None, "x", "y"]))
def test_it_says_the_same_as_trying_every_answer(condition: Condition, kinds: tuple[QuestionKind, ...], chosen: str | None) -> None:
    questions = {code: question(code, kind) for code, kind in zip("abc", kinds, strict=True)}
    tries = ({"d": chosen, **dict(zip("abc", values, strict=True))} for values in product(*(ANSWERS[kind] for kind in kinds)))
    assert can_hold(condition, [{"d": chosen}], questions) is any(holds(condition, answers) for answers in tries)


def test_without_a_way_nothing_holds() -> None:
    assert not can_hold({"question": "a", "answered": False}, [], {})


def test_what_takes_too_many_tries_counts_as_possible() -> None:
    options = [f"o{number}" for number in range(30)]
    many = {f"q{number}": question(f"q{number}", QuestionKind.ONE_OF, options) for number in range(4)}
    parts: list[Condition] = [{"question": code, "is": "gone"} for code in many]
    assert can_hold({"all": parts}, [{}], many)
