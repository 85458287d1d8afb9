"""What the pages of an order show: the steps, the choice, what is known already, and the answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flask import url_for

from portal.catalog.choices import walk
from portal.catalog.conditions import is_answered
from portal.catalog.definition import ChoiceTree, Need, TreeQuestion
from portal.core.texts import LocalText
from portal.requests.ordering.answers import show_answer
from portal.requests.ordering.content import OrderContent
from portal.requests.ordering.known import Fact, Source, known_facts
from portal.requests.ordering.models import OrderDraft
from portal.requests.questions.form import field_name
from portal.web.language import local
from portal.web.words import _

Places = Mapping[str, LocalText]


class Stage(StrEnum):
    """The steps of an order."""

    PEOPLE = "people"
    CHOICE = "choice"
    DETAILS = "details"
    CHECK = "check"


BEFORE_DETAILS: Final = frozenset({"choice", "elsewhere", "article"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLink:
    """One step in the line of steps; without an address when it cannot be entered yet."""

    label: str
    url: str | None
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """A question with its answer; fields as components/summary_list.html reads them."""

    question: str
    answer: str
    change_url: str | None
    source: str | None = None


def next_url(draft: OrderDraft, content: OrderContent) -> str:
    """Give the address at which an order goes on."""
    return step_url(draft, next_step(draft, content))


def next_step(draft: OrderDraft, content: OrderContent) -> str:
    """Tell which page comes next: the choice, another product, an article, the details, or the check."""
    if not content.is_chosen:
        return "choice"
    if content.outcome is not None and content.outcome.go_to is not None:
        return "elsewhere"
    if content.outcome is not None and content.outcome.article is not None:
        return "article"
    is_asked = bool(content.questions) and not draft.has_details
    return "details" if is_asked or has_gap(content) else "check"


def has_gap(content: OrderContent) -> bool:
    """Tell whether a question that must be answered is not."""
    return any(one.need is Need.REQUIRED and not is_answered(content.answers.get(one.code)) for one in content.questions)


def step_url(draft: OrderDraft, step: str, *, question: str | None = None, anchor: str | None = None) -> str:
    """Give the address of a page of an order."""
    return url_for(f"order.{step}", code=draft.product.code, token=draft.token, question=question, _anchor=anchor)


def people_url(draft: OrderDraft) -> str:
    """Give the address at which one changes for whom an order is."""
    return url_for("order.start", code=draft.product.code, draft=draft.token)


def stage_links(draft: OrderDraft, content: OrderContent, current: Stage) -> list[StageLink]:
    """List the steps of an order; one that asks nothing is left out."""
    has_tree = content.definition.tree is not None
    has_details = not content.is_chosen or bool(content.questions or content.known)
    is_ready = content.is_chosen and (content.outcome is None or content.outcome.is_bundle)
    urls = {
        Stage.PEOPLE: people_url(draft),
        Stage.CHOICE: step_url(draft, "choice", question=content.definition.tree.start) if content.definition.tree else None,
        Stage.DETAILS: step_url(draft, "details") if is_ready else None,
        Stage.CHECK: step_url(draft, "check") if is_ready and next_step(draft, content) == "check" else None,
    }
    shown = [Stage.PEOPLE, *([Stage.CHOICE] if has_tree else []), *([Stage.DETAILS] if has_details else []), Stage.CHECK]
    return [StageLink(label=_stage_word(stage), url=urls[stage], is_current=stage is current) for stage in shown]


def first_stages(*, has_tree: bool) -> list[StageLink]:
    """List the steps of an order that was not begun."""
    shown = [stage for stage in Stage if has_tree or stage is not Stage.CHOICE]
    return [StageLink(label=_stage_word(stage), url=None, is_current=stage is Stage.PEOPLE) for stage in shown]


def path_questions(tree: ChoiceTree, draft: OrderDraft) -> list[TreeQuestion]:
    """List the questions of the choice tree that were answered, in order."""
    return [asked for asked, _option in walk(tree, draft.tree_answers)]


def questions_before(tree: ChoiceTree, draft: OrderDraft, question: TreeQuestion) -> list[TreeQuestion]:
    """List the questions of the choice tree that come before this one, as they were answered."""
    path = path_questions(tree, draft)
    return path[: path.index(question)] if question in path else path


def questions_left(tree: ChoiceTree, code: str) -> tuple[int, int]:
    """Count the fewest and the most questions from this one to an outcome, this one included."""
    ways = [questions_left(tree, option.next) if option.next else (0, 0) for option in tree.question(code).options]
    return 1 + min(fewest for fewest, _most in ways), 1 + max(most for _fewest, most in ways)


def known_rows(draft: OrderDraft, content: OrderContent, places: Places) -> list[AnswerRow]:
    """List what would be asked if it were not known, with where it comes from."""
    facts = known_facts(requester=draft.requester, beneficiary=draft.beneficiary, beneficiary_name=draft.beneficiary_name)
    questions = {one.code: one for line in content.lines for one in content.blocks[line.block].questions if one.code in content.known}
    return [
        AnswerRow(
            question=local(one.label),
            answer=local(show_answer(one, content.known[one.code], locations=places)),
            change_url=None,
            source=_source_words(facts[one.known], is_own=draft.requester_id == draft.person_id) if one.known else None,
        )
        for one in questions.values()
    ]


def people_rows(draft: OrderDraft, person_id: int) -> list[AnswerRow]:
    """Say for whom it is, and who asks when that is somebody else than the reader."""
    url = people_url(draft)
    is_own = draft.beneficiary_id == draft.requester_id
    rows = [] if draft.requester_id == person_id else [AnswerRow(question=_("Who asks"), answer=draft.requester.name, change_url=url)]
    name = draft.beneficiary.name if draft.beneficiary else draft.beneficiary_name
    whom = _("%(name)s (yourself)", name=name) if is_own and not rows else name
    return [*rows, AnswerRow(question=_("Who is it for?"), answer=whom, change_url=url)]


def choice_rows(draft: OrderDraft, content: OrderContent) -> list[AnswerRow]:
    """List the choices that were made."""
    path = walk(content.definition.tree, draft.tree_answers) if content.definition.tree else []
    return [
        AnswerRow(question=local(asked.label), answer=local(option.label), change_url=step_url(draft, "choice", question=asked.code))
        for asked, option in path
    ]


def detail_rows(draft: OrderDraft, content: OrderContent, places: Places) -> list[AnswerRow]:
    """List the questions with what was filled in; one that was left open says so."""
    return [
        AnswerRow(
            question=local(one.label),
            answer=local(show_answer(one, content.answers[one.code], locations=places)) if one.code in content.answers else _("Left open"),
            change_url=step_url(draft, "details", anchor=field_name(one.code)),
        )
        for one in content.questions
    ]


def _source_words(fact: Fact, *, is_own: bool) -> str:
    match fact.source:
        case Source.OWN_PROFILE if is_own:
            return _("from your profile")
        case Source.EARLIER_STEP:
            return _("you filled this in at the first step")
        case _:
            return _("from the profile of %(name)s", name=fact.person)


def _stage_word(stage: Stage) -> str:
    match stage:
        case Stage.PEOPLE:
            return _("For whom")
        case Stage.CHOICE:
            return _("Your choice")
        case Stage.DETAILS:
            return _("Details")
        case Stage.CHECK:
            return _("Check and send")
