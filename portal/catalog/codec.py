"""Reading products, blocks and questions from data and writing them to it; the stored form is JSON.

`…_from_data` also reads what people write in YAML. Every fault raises `InvalidInputError` with the path of the field;
`path` is where the data itself stands.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.catalog.agreement import ApprovalRule
from portal.catalog.agreement_codec import (
    approval_from_data,
    condition_of,
    maybe_norm,
    no_return_from_data,
    norm_from_data,
    offset_from_data,
    prices_of,
)
from portal.catalog.definition import (
    BlockDefinition,
    ChoiceTree,
    Dependency,
    Level,
    Line,
    Need,
    Option,
    Outcome,
    Privacy,
    ProductDefinition,
    ProductKind,
    Question,
    QuestionKind,
    Theme,
    Tier,
    TreeOption,
    TreeQuestion,
)
from portal.catalog.reader import Reader, fault
from portal.catalog.writer import as_data
from portal.core.errors import InvalidInputError
from portal.planning.plan import DependencyKind

Data = dict[str, Any]


def question_as_data(question: Question) -> Data:
    """Write a question."""
    return as_data(question)


def block_as_data(block: BlockDefinition) -> Data:
    """Write a building block with its questions whole."""
    return as_data(block)


def product_as_data(product: ProductDefinition) -> Data:
    """Write a product."""
    return as_data(product)


def question_from_data(data: object, path: str = "") -> Question:
    """Read a question.

    :raises InvalidInputError: a field is missing, unknown or wrong.
    """
    reader = Reader(data, path)
    kind = reader.one_of("kind", QuestionKind)
    question = Question(
        code=reader.code(),
        kind=kind,
        label=reader.text("label"),
        need=reader.one_of("need", Need),
        privacy=reader.one_of("privacy", Privacy),
        help=reader.maybe("help", reader.text),
        why=reader.maybe("why", reader.text),
        options=reader.parts("options", _option),
        at_least=reader.maybe("at_least", reader.number),
        at_most=reader.maybe("at_most", reader.number),
        not_in_past=reader.flag("not_in_past", default=False),
        per_person=reader.flag("per_person", default=False),
        known=reader.maybe("known", reader.string),
        when=condition_of(reader, "when"),
    )
    reader.finish()
    if bool(question.options) is not (kind in {QuestionKind.ONE_OF, QuestionKind.SEVERAL_OF}):
        raise fault(reader.at("options"), "not_for_this_kind" if question.options else "required")
    if question.per_person and kind is QuestionKind.FILE:
        raise fault(reader.at("per_person"), "not_for_this_kind")
    _refuse_double([option.code for option in question.options], reader.at("options"))
    return question


def block_from_data(data: object, questions: Mapping[str, Question] | None = None, path: str = "") -> BlockDefinition:
    """Read a building block. With `questions` (by code) it names its questions by code, without it holds them whole.

    :raises InvalidInputError: a field is missing, unknown or wrong; `unknown_question` for a code that is not in `questions`.
    """
    reader = Reader(data, path)
    asked = reader.parts("questions", question_from_data) if questions is None else _library_questions(reader, questions)
    block = BlockDefinition(
        code=reader.code(),
        name=reader.text("name"),
        description=reader.text("description"),
        department=reader.string("department"),
        norm=reader.part("norm", norm_from_data),
        prices=prices_of(reader),
        task=reader.text("task"),
        checklist=reader.texts("checklist"),
        questions=asked,
        team=reader.maybe("team", reader.string),
        cut_off=reader.maybe("cut_off", reader.time_of_day),
        notice=maybe_norm(reader, "notice"),
        no_return=reader.maybe("no_return", lambda name: reader.part(name, no_return_from_data)),
        approval=_maybe_approval(reader),
    )
    reader.finish()
    _refuse_double([question.code for question in asked], reader.at("questions"))
    return block


def product_from_data(data: object, path: str = "") -> ProductDefinition:
    """Read a product.

    :raises InvalidInputError: a field is missing, unknown or wrong.
    """
    reader = Reader(data, path)
    product = ProductDefinition(
        code=reader.code(),
        kind=reader.one_of("kind", ProductKind),
        tier=reader.one_of("tier", Tier),
        level=reader.one_of("level", Level),
        owner=reader.string("owner"),
        theme=reader.one_of("theme", Theme),
        icon=reader.string("icon"),
        name=reader.text("name"),
        summary=reader.text("summary"),
        description=reader.text("description"),
        conditions=reader.texts("conditions"),
        audience=frozenset(reader.strings("audience")),
        lines=reader.parts("lines", line_from_data),
        dependencies=reader.parts("dependencies", _dependency),
        wished_date=reader.maybe("wished_date", reader.string),
        upn=reader.maybe("upn", reader.web_address),
        tree=reader.maybe("tree", lambda name: reader.part(name, _tree)),
        approval=_maybe_approval(reader),
        related=reader.strings("related"),
        response=maybe_norm(reader, "response"),
        legal_days=reader.maybe("legal_days", lambda name: reader.number(name, at_least=1)),
        extensions=_number_or(reader, "extensions", default=1),
        reopen_days=_number_or(reader, "reopen_days", default=14),
    )
    reader.finish()
    return product


def _library_questions(reader: Reader, library: Mapping[str, Question]) -> tuple[Question, ...]:
    codes = reader.strings("questions")
    unknown = [index for index, code in enumerate(codes) if code not in library]
    if unknown:
        raise InvalidInputError({f"{reader.at('questions')}[{index}]": "unknown_question" for index in unknown})
    return tuple(library[code] for code in codes)


def _option(data: object, path: str) -> Option:
    reader = Reader(data, path)
    option = Option(code=reader.code(), label=reader.text("label"))
    reader.finish()
    return option


def line_from_data(data: object, path: str = "") -> Line:
    """Read a line of a bundle.

    :raises InvalidInputError: a field is missing, unknown or wrong.
    """
    reader = Reader(data, path)
    line = Line(
        block=reader.string("block"),
        need=reader.one_of("need", Need),
        reason=reader.text("reason"),
        chosen=reader.flag("chosen", default=True),
        when=condition_of(reader, "when"),
        starts=reader.maybe("starts", lambda name: reader.part(name, offset_from_data)),
    )
    reader.finish()
    return line


def _dependency(data: object, path: str) -> Dependency:
    reader = Reader(data, path)
    dependency = Dependency(
        block=reader.string("block"),
        after=reader.string("after"),
        kind=reader.one_of("kind", DependencyKind),
        offset=maybe_norm(reader, "offset"),
    )
    reader.finish()
    return dependency


def _tree(data: object, path: str) -> ChoiceTree:
    reader = Reader(data, path)
    tree = ChoiceTree(
        start=reader.string("start"),
        questions=reader.parts("questions", tree_question_from_data),
        outcomes=reader.parts("outcomes", outcome_from_data),
    )
    reader.finish()
    return tree


def tree_question_from_data(data: object, path: str = "") -> TreeQuestion:
    """Read a question of a choice tree.

    :raises InvalidInputError: a field is missing, unknown or wrong.
    """
    reader = Reader(data, path)
    question = TreeQuestion(
        code=reader.code(),
        label=reader.text("label"),
        help=reader.maybe("help", reader.text),
        options=reader.parts("options", tree_option_from_data),
    )
    reader.finish()
    return question


def tree_option_from_data(data: object, path: str = "") -> TreeOption:
    """Read an answer in a choice tree.

    :raises InvalidInputError: a field is missing, unknown or wrong.
    """
    reader = Reader(data, path)
    option = TreeOption(
        code=reader.code(),
        label=reader.text("label"),
        help=reader.maybe("help", reader.text),
        next=reader.maybe("next", reader.string),
        outcome=reader.maybe("outcome", reader.string),
    )
    reader.finish()
    return option


def outcome_from_data(data: object, path: str = "") -> Outcome:
    """Read an outcome of a choice tree.

    :raises InvalidInputError: a field is missing, unknown or wrong.
    """
    reader = Reader(data, path)
    outcome = Outcome(
        code=reader.code(),
        name=reader.text("name"),
        reason=reader.text("reason"),
        lines=reader.parts("lines", line_from_data),
        go_to=reader.maybe("go_to", reader.string),
        article=reader.maybe("article", reader.text),
    )
    reader.finish()
    return outcome


def _maybe_approval(reader: Reader) -> ApprovalRule | None:
    return reader.maybe("approval", lambda name: reader.part(name, approval_from_data))


def _number_or(reader: Reader, name: str, *, default: int) -> int:
    number = reader.maybe(name, lambda field: reader.number(field, at_least=0))
    return default if number is None else number


def _refuse_double(codes: Sequence[str], path: str) -> None:
    double = [index for index, code in enumerate(codes) if code in codes[:index]]
    if double:
        raise InvalidInputError({f"{path}[{index}]": "double_code" for index in double})
