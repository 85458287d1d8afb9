"""Writing who approves a product or a building block: the approvers in order, and when approval is needed."""

from collections.abc import Callable, Mapping, Sequence

from flask import flash, redirect, url_for

from portal.catalog.agreement_codec import approval_from_data, approver_from_data
from portal.catalog.bundle import all_questions
from portal.catalog.definition import BlockDefinition, CatalogueKind, Definition, ProductDefinition, Question, QuestionKind
from portal.catalog.memory import read_definition
from portal.catalog.queries import newest_blocks
from portal.catalog.writer import as_data
from portal.composing.agreement_edits import with_approver, with_approver_moved, with_rule, without_approver
from portal.composing.agreement_forms import ApprovalForm, ApproverForm, fields_of_approval
from portal.composing.agreement_labels import approver_words
from portal.composing.editor_forms import WritingForm
from portal.composing.subjects import Subject, subjects_of
from portal.composing.views.editing import Trouble, keep, open_draft
from portal.composing.views.versions import read_kind
from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.web.answers import Answer, page
from portal.web.language import local
from portal.web.words import _


def approval(kind: str, code: str) -> Answer:
    """Show who approves, and when."""
    return _show(kind, code)


def save_approval(kind: str, code: str) -> Answer:
    """Keep when approval is needed, and whose is enough."""
    before = _definition(kind, code)
    if before.approval is None:
        raise NotFoundError
    form, rule = ApprovalForm(), before.approval
    form.offer_subjects(_subjects(before), rule.when)
    return _change(kind, code, form, lambda whole: with_rule(whole, approval_from_data(form.data_of_rule(rule))))


def add_approver(kind: str, code: str) -> Answer:
    """Let somebody else approve too."""
    form = ApproverForm()
    return _change(kind, code, form, lambda whole: with_approver(whole, approver_from_data(form.data_of_approver())))


def move_approver_up(kind: str, code: str, at: int) -> Answer:
    """Put an approver before the one above."""
    return _change(kind, code, WritingForm(), lambda whole: with_approver_moved(whole, at, is_up=True))


def move_approver_down(kind: str, code: str, at: int) -> Answer:
    """Put an approver after the one below."""
    return _change(kind, code, WritingForm(), lambda whole: with_approver_moved(whole, at, is_up=False))


def remove_approver(kind: str, code: str, at: int) -> Answer:
    """Let somebody approve no longer."""
    return _change(kind, code, WritingForm(), lambda whole: without_approver(whole, at))


def _change(kind: str, code: str, form: WritingForm, edit: Callable[[Definition], Definition]) -> Answer:
    draft = open_draft(read_kind(kind), code, for_change=True)
    before = read_definition(draft)
    trouble = keep(form, draft, lambda: edit(before))
    if trouble:
        return _show(kind, code, form, trouble)
    flash(_("The draft is saved."))
    return redirect(url_for("compose.approval", kind=kind, code=code), 303)


def _definition(kind: str, code: str) -> Definition:
    return read_definition(open_draft(read_kind(kind), code))


def _show(kind: str, code: str, sent: WritingForm | None = None, trouble: Trouble | None = None) -> Answer:
    draft = open_draft(read_kind(kind), code)
    whole = read_definition(draft)
    rule, subjects = whole.approval, _subjects(whole)
    people = {one.code: local(one.label) for one in _questions(whole) if one.kind is QuestionKind.PERSON}
    approver = sent if isinstance(sent, ApproverForm) else ApproverForm(formdata=None)
    approver.offer(people)
    terms = sent if isinstance(sent, ApprovalForm) else ApprovalForm(formdata=None, data=fields_of_approval(rule, subjects) if rule else {})
    terms.offer_subjects(subjects, rule.when if rule else None)
    step = WritingForm(formdata=None)
    for form in (approver, terms, step):
        form.edition.data, form.edition.raw_data = draft.edition, None
    return page(
        "compose/approval.html",
        trouble.status if trouble else 200,
        kind=CatalogueKind(kind),
        whole=whole,
        approvers=[approver_words(as_data(one), people) for one in (rule.approvers if rule else ())],
        approver_form=approver,
        terms_form=terms,
        step_form=step,
        trouble=trouble,
    )


def _subjects(whole: Definition) -> Sequence[Subject]:
    return subjects_of(whole if isinstance(whole, ProductDefinition) else None, _questions(whole))


def _questions(whole: Definition) -> Sequence[Question]:
    """Give what is asked: by the building block itself, or by all that a product can hold."""
    if isinstance(whole, BlockDefinition):
        return whole.questions
    blocks: Mapping[str, BlockDefinition] = newest_blocks(db.session(), whole.block_codes())
    return all_questions(list(blocks.values()))
