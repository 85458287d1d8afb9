"""Walking through a choice tree: which question is next, which answers are on the path."""

from collections.abc import Sequence

from portal.catalog.definition import Answers, ChoiceTree, Outcome, TreeOption, TreeQuestion

Path = list[tuple[TreeQuestion, TreeOption]]


def find_next(tree: ChoiceTree, tree_answers: Answers) -> TreeQuestion | Outcome:
    """Give the first question on the path that has no (valid) answer, or the outcome at its end."""
    path = walk(tree, tree_answers)
    if not path:
        return tree.question(tree.start)
    _question, last = path[-1]
    return tree.outcome(last.outcome) if last.outcome is not None else tree.question(_next_code(last))


def walk(tree: ChoiceTree, tree_answers: Answers) -> Path:
    """List the questions answered so far with the chosen options, from the start; ends where an answer is missing.

    In a tree that loops (which cannot be published) no question is passed twice.
    """
    path: Path = []
    code: str | None = tree.start
    while code is not None and code not in {question.code for question, _option in path}:
        question = tree.question(code)
        option = _chosen(question.options, tree_answers.get(code))
        if option is None:
            break
        path.append((question, option))
        code = option.next
    return path


def known_answers(tree: ChoiceTree, tree_answers: Answers) -> dict[str, str]:
    """Keep only the answers on the path: what was answered on another branch no longer counts."""
    return {question.code: option.code for question, option in walk(tree, tree_answers)}


def _chosen(options: Sequence[TreeOption], answer: object) -> TreeOption | None:
    return next((option for option in options if option.code == answer), None)


def _next_code(option: TreeOption) -> str:
    if option.next is None:
        message = f"the option {option.code!r} leads nowhere"
        raise ValueError(message)
    return option.next
