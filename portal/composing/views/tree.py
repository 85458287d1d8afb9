"""Writing a choice tree: its questions, their answers, and the outcomes they lead to."""

from collections.abc import Callable
from dataclasses import replace

from flask import flash, redirect, url_for

from portal.catalog.codec import outcome_from_data, tree_option_from_data, tree_question_from_data
from portal.catalog.definition import CatalogueKind, Outcome, ProductDefinition, TreeOption, TreeQuestion
from portal.catalog.queries import list_shelf
from portal.composing import edits
from portal.composing.bundle_pages import tree_branches
from portal.composing.editor_forms import Data, WritingForm
from portal.composing.forms import choices_of
from portal.composing.pages import faults_of
from portal.composing.part_forms import BUNDLE, AnswerForm, OutcomeForm, TreeQuestionForm, fields_of_branch
from portal.composing.views.editing import Trouble, keep, open_product
from portal.core.db import db
from portal.core.errors import InvalidInputError
from portal.web.answers import Answer, page
from portal.web.language import local
from portal.web.words import _

NEW = "new"
"""Stands in an address in the place of the code of what is not there yet."""


def tree(code: str) -> Answer:
    """Draw the choice tree of a product."""
    return _show_tree(code, WritingForm())


def tree_question(code: str, question: str) -> Answer:
    """Show a question of the tree to be changed, or the form of a new one."""
    draft, before = open_product(code)
    own = _own_question(before, question)
    form = TreeQuestionForm(data={**(fields_of_branch(own) if own else {}), "edition": draft.edition})
    return page("compose/tree_question.html", form=form, product=before, question=question, own=own, trouble=None)


def save_tree_question(code: str, question: str) -> Answer:
    """Keep a question of the tree."""
    draft, before = open_product(code, for_change=True)
    form, own = TreeQuestionForm(), _own_question(before, question)

    def write() -> ProductDefinition:
        data: Data = {"code": own.code if own else _code(form), "label": form.text("label"), "help": form.maybe_text("help")}
        _refuse_double(
            own is None and before.tree is not None, data["code"], [one.code for one in (before.tree.questions if before.tree else ())]
        )
        answers = own.options if own else ()
        written = tree_question_from_data(data)
        return edits.with_question(before, TreeQuestion(code=written.code, label=written.label, help=written.help, options=answers))

    trouble = keep(form, draft, write)
    if trouble:
        return page("compose/tree_question.html", trouble.status, form=form, product=before, question=question, own=own, trouble=trouble)
    return _to_tree(code)


def tree_answer(code: str, question: str, answer: str) -> Answer:
    """Show an answer to be changed, or the form of a new one."""
    draft, before = open_product(code)
    own = _own_answer(before, question, answer)
    form = AnswerForm(data={**(fields_of_branch(own) if own else {}), "edition": draft.edition})
    return _show_answer(form, before, (question, answer), None)


def save_tree_answer(code: str, question: str, answer: str) -> Answer:
    """Keep an answer and where it leads."""
    draft, before = open_product(code, for_change=True)
    form, own = AnswerForm(), _own_answer(before, question, answer)

    def write() -> ProductDefinition:
        data: Data = {"code": own.code if own else _code(form), "label": form.text("label"), "help": form.maybe_text("help")}
        _refuse_double(own is None, data["code"], [one.code for one in edits.question_of(before, question).options])
        kind, _space, target = (form.leads_to.data or "").partition(" ")
        if kind not in {"question", "outcome"}:
            raise InvalidInputError({"leads_to": "next_or_outcome"})
        return edits.with_answer(before, question, tree_option_from_data(data | {"next" if kind == "question" else kind: target}))

    trouble = keep(form, draft, write)
    return _show_answer(form, before, (question, answer), trouble) if trouble else _to_tree(code)


def tree_outcome(code: str, outcome: str) -> Answer:
    """Show an outcome to be changed, or the form of a new one."""
    draft, before = open_product(code)
    own = _own_outcome(before, outcome)
    form = OutcomeForm(data={**(fields_of_branch(own) if own else {"ends_in": BUNDLE}), "edition": draft.edition})
    return _show_outcome(form, before, outcome, None)


def save_tree_outcome(code: str, outcome: str) -> Answer:
    """Keep an outcome."""
    draft, before = open_product(code, for_change=True)
    form, own = OutcomeForm(), _own_outcome(before, outcome)

    def write() -> ProductDefinition:
        new = own.code if own else _code(form)
        _refuse_double(own is None, new, [one.code for one in (before.tree.outcomes if before.tree else ())])
        written = outcome_from_data(form.data_of_outcome(new))
        return edits.with_outcome(before, replace(written, lines=own.lines if own and written.is_bundle else ()))

    trouble = keep(form, draft, write)
    return _show_outcome(form, before, outcome, trouble) if trouble else _to_tree(code)


def remove_tree_question(code: str, question: str) -> Answer:
    """Take a question out of the tree."""
    return _change(code, lambda before: edits.without_branch(before, "question", question))


def move_tree_answer_up(code: str, question: str, answer: str) -> Answer:
    """Show an answer before the one above it."""
    return _change(code, lambda before: edits.with_answer_moved(before, question, answer, is_up=True))


def move_tree_answer_down(code: str, question: str, answer: str) -> Answer:
    """Show an answer after the one below it."""
    return _change(code, lambda before: edits.with_answer_moved(before, question, answer, is_up=False))


def remove_tree_answer(code: str, question: str, answer: str) -> Answer:
    """Take an answer out of the tree."""
    return _change(code, lambda before: edits.without_branch(before, "question", question, answer))


def remove_tree_outcome(code: str, outcome: str) -> Answer:
    """Take an outcome out of the tree, with its lines."""
    return _change(code, lambda before: edits.without_branch(before, "outcome", outcome))


def _change(code: str, edit: Callable[[ProductDefinition], ProductDefinition]) -> Answer:
    draft, before = open_product(code, for_change=True)
    form = WritingForm()
    trouble = keep(form, draft, lambda: edit(before))
    return _show_tree(code, form, trouble) if trouble else _to_tree(code)


def _show_tree(code: str, form: WritingForm, trouble: Trouble | None = None) -> Answer:
    draft, product = open_product(code)
    form.edition.data = draft.edition
    branches, faults = tree_branches(product), faults_of(db.session(), draft)
    status = trouble.status if trouble else 200
    return page("compose/tree.html", status, form=form, product=product, branches=branches, faults=faults, trouble=trouble)


def _show_answer(form: AnswerForm, product: ProductDefinition, place: tuple[str, str], trouble: Trouble | None) -> Answer:
    question, own = edits.question_of(product, place[0]), _own_answer(product, *place)
    questions, outcomes = (product.tree.questions, product.tree.outcomes) if product.tree else ((), ())
    targets = [("", _("Choose where it leads"))]
    targets += [(f"question {one.code}", _("question: %(name)s", name=local(one.label))) for one in questions if one is not question]
    targets += [(f"outcome {one.code}", _("outcome: %(name)s", name=local(one.name))) for one in outcomes]
    form.leads_to.choices = choices_of(targets)
    status = trouble.status if trouble else 200
    return page(
        "compose/tree_answer.html", status, form=form, product=product, question=question, answer=place[1], own=own, trouble=trouble
    )


def _show_outcome(form: OutcomeForm, product: ProductDefinition, outcome: str, trouble: Trouble | None) -> Answer:
    own = _own_outcome(product, outcome)
    others = [(one.code, local(one.newest.name)) for one in list_shelf(db.session(), CatalogueKind.PRODUCTS) if one.code != product.code]
    form.go_to.choices = choices_of([("", _("Choose a product")), *others])
    status = trouble.status if trouble else 200
    return page("compose/tree_outcome.html", status, form=form, product=product, outcome=outcome, own=own, trouble=trouble)


def _own_question(product: ProductDefinition, code: str) -> TreeQuestion | None:
    return None if code == NEW else edits.question_of(product, code)


def _own_answer(product: ProductDefinition, question: str, code: str) -> TreeOption | None:
    edits.question_of(product, question)
    return None if code == NEW else edits.answer_of(product, question, code)


def _own_outcome(product: ProductDefinition, code: str) -> Outcome | None:
    return None if code == NEW else edits.outcome_of(product, code)


def _code(form: TreeQuestionForm | OutcomeForm) -> str:
    return (form.code.data or "").strip()


def _refuse_double(is_new: bool, code: str, known: list[str]) -> None:  # noqa: FBT001  said by name in the call
    if is_new and code in {*known, NEW}:
        raise InvalidInputError({"code": "double_code"})


def _to_tree(code: str) -> Answer:
    flash(_("The draft is saved."))
    return redirect(url_for("compose.tree", code=code), 303)
