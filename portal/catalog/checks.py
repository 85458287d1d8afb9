"""What must be right before a product is published; each fault is a field path with a code."""

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Final

from portal.catalog.agreement_checks import find_agreement_faults, find_block_agreement_faults, find_condition_faults, find_opaque_faults
from portal.catalog.bundle import all_questions
from portal.catalog.conditions import asked_codes
from portal.catalog.definition import BlockDefinition, ChoiceTree, Line, ProductDefinition, Question, TreeQuestion
from portal.people.audience import is_token

Fault = tuple[str, str]

ICONS: Final = frozenset(
    [
        "person",
        "move",
        "desk",
        "home",
        "meeting",
        "room",
        "screen",
        "helpdesk",
        "cart",
        "shield",
        "talk",
        "phone",
        "software",
        "print",
        "tender",
        "building",
        "law",
        "new",
        "department",
        "report",
    ]
)
"""The icons that a product may have; the icon component draws them."""

RESERVED: Final = frozenset({"matrix"})
"""Codes that would take the address of another page."""

OUTCOME: Final = "outcome"
"""In a condition this code stands for the outcome of the choice tree."""


def find_product_faults(definition: ProductDefinition, blocks: Mapping[str, BlockDefinition]) -> dict[str, str]:
    """Give what is wrong with a product; `blocks` are the published building blocks it may be made of, by code."""
    questions = {
        question.code: question for question in all_questions([blocks[code] for code in definition.block_codes() if code in blocks])
    }
    faults = [
        *_audience_faults(definition),
        *_line_faults(definition, blocks, questions),
        *_dependency_faults(definition),
        *find_tree_faults(definition),
        *find_question_faults(tuple(questions.values())),
        *find_agreement_faults(definition, questions, _options_by_code(definition, questions)),
    ]
    if definition.code in RESERVED:
        faults.append(("code", "reserved"))
    if definition.icon not in ICONS:
        faults.append(("icon", "unknown_icon"))
    if definition.wished_date is not None and definition.wished_date not in questions:
        faults.append(("wished_date", "unknown_question"))
    return dict(faults)


def find_block_faults(block: BlockDefinition) -> Iterator[Fault]:
    """Find what is wrong within a building block: circles in its questions, and an approval rule that looks at what it does not ask."""
    yield from find_question_faults(block.questions)
    yield from find_block_agreement_faults(block)


def find_question_faults(questions: Sequence[Question]) -> Iterator[Fault]:
    """Find questions that are only asked when each other's answers are known."""
    codes = {question.code for question in questions}
    cycle = _find_cycle({question.code: asked_codes(question.when) & codes for question in questions})
    if cycle:
        yield f"questions.{cycle[0]}.when", "cycle"


def find_tree_faults(definition: ProductDefinition) -> Iterator[Fault]:
    """Find what is wrong with the choice tree: double codes, loose ends, circles, and branches nobody can reach."""
    tree = definition.tree
    if tree is None:
        return
    yield from _double_codes("tree.questions", [question.code for question in tree.questions])
    yield from _double_codes("tree.outcomes", [outcome.code for outcome in tree.outcomes])
    if tree.start not in {question.code for question in tree.questions}:
        yield "tree.start", "unknown_question"
    for index, question in enumerate(tree.questions):
        yield from _tree_question_faults(tree, question, f"tree.questions[{index}]")
    cycle = _find_cycle({question.code: {option.next for option in question.options if option.next} for question in tree.questions})
    if cycle:
        yield f"tree.questions[{_index_of(tree, cycle[0])}]", "cycle"
    yield from _unreachable(tree)
    for index, outcome in enumerate(tree.outcomes):
        if outcome.go_to is not None and (outcome.lines or outcome.go_to == definition.code):
            yield f"tree.outcomes[{index}].go_to", "bundle_or_other_product"
        if outcome.article is not None and (outcome.lines or outcome.go_to is not None):
            yield f"tree.outcomes[{index}].article", "article_or_bundle"


def _audience_faults(definition: ProductDefinition) -> Iterator[Fault]:
    if not definition.audience:
        yield "audience", "required"
    for text in sorted(definition.audience):
        if not is_token(text):
            yield "audience", f"unknown_role: {text}"


def _line_faults(
    definition: ProductDefinition, blocks: Mapping[str, BlockDefinition], questions: Mapping[str, Question]
) -> Iterator[Fault]:
    options = _options_by_code(definition, questions)
    if not definition.block_codes():
        yield "lines", "required"
    for path, line in placed_lines(definition):
        if line.block not in blocks:
            yield f"{path}.block", "unknown_block"
        yield from find_condition_faults(line.when, f"{path}.when", options)
        yield from find_opaque_faults(line.when, f"{path}.when", questions)


def placed_lines(definition: ProductDefinition) -> Iterator[tuple[str, Line]]:
    """Give every line with the place where it stands."""
    for index, line in enumerate(definition.lines):
        yield f"lines[{index}]", line
    for at, outcome in enumerate(definition.tree.outcomes if definition.tree else ()):
        for index, line in enumerate(outcome.lines):
            yield f"tree.outcomes[{at}].lines[{index}]", line


def _options_by_code(definition: ProductDefinition, questions: Mapping[str, Question]) -> dict[str, frozenset[str]]:
    """Give the possible answers by question code; an empty set means that anything may be answered."""
    options = {code: frozenset(option.code for option in question.options) for code, question in questions.items()}
    if definition.tree is not None:
        options |= {question.code: frozenset(option.code for option in question.options) for question in definition.tree.questions}
        options[OUTCOME] = frozenset(outcome.code for outcome in definition.tree.outcomes)
    return options


def _dependency_faults(definition: ProductDefinition) -> Iterator[Fault]:
    codes = set(definition.block_codes())
    after: dict[str, set[str]] = {}
    for index, dependency in enumerate(definition.dependencies):
        for field, code in (("block", dependency.block), ("after", dependency.after)):
            if code not in codes:
                yield f"dependencies[{index}].{field}", "unknown_block"
        after.setdefault(dependency.block, set()).add(dependency.after)
    cycle = _find_cycle(after)
    if cycle:
        yield "dependencies", f"cycle: {', '.join(cycle)}"


def _tree_question_faults(tree: ChoiceTree, question: TreeQuestion, path: str) -> Iterator[Fault]:
    if not question.options:
        yield f"{path}.options", "required"
    yield from _double_codes(f"{path}.options", [option.code for option in question.options])
    questions = {one.code for one in tree.questions}
    outcomes = {one.code for one in tree.outcomes}
    for index, option in enumerate(question.options):
        place = f"{path}.options[{index}]"
        if (option.next is None) is (option.outcome is None):
            yield place, "next_or_outcome"
        elif option.next is not None and option.next not in questions:
            yield f"{place}.next", "unknown_question"
        elif option.outcome is not None and option.outcome not in outcomes:
            yield f"{place}.outcome", "unknown_outcome"


def _unreachable(tree: ChoiceTree) -> Iterator[Fault]:
    """Find dead branches: questions and outcomes to which no answer leads."""
    by_code = {question.code: question for question in tree.questions}
    reached, ahead, outcomes = set[str](), [tree.start], set[str]()
    while ahead:
        code = ahead.pop()
        if code in by_code and code not in reached:
            reached.add(code)
            ahead.extend(option.next for option in by_code[code].options if option.next)
            outcomes.update(option.outcome for option in by_code[code].options if option.outcome)
    for index, question in enumerate(tree.questions):
        if question.code not in reached:
            yield f"tree.questions[{index}]", "unreachable"
    for index, outcome in enumerate(tree.outcomes):
        if outcome.code not in outcomes:
            yield f"tree.outcomes[{index}]", "unreachable"


def _double_codes(path: str, codes: Sequence[str]) -> Iterator[Fault]:
    for index, code in enumerate(codes):
        if code in codes[:index]:
            yield f"{path}[{index}].code", "double_code"


def _index_of(tree: ChoiceTree, code: str) -> int:
    return next((index for index, question in enumerate(tree.questions) if question.code == code), 0)


def _find_cycle(after: Mapping[str, set[str] | frozenset[str]]) -> Sequence[str]:
    """Give the codes of one circle, or nothing."""
    try:
        TopologicalSorter(after).prepare()
    except CycleError as error:
        return tuple(error.args[1])
    return ()
