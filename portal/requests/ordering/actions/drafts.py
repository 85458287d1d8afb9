"""Changing an order that was not submitted yet: for whom, the choices, the details and the optional lines."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from portal.catalog.bundle import is_in_bundle
from portal.catalog.choices import find_next, known_answers, walk
from portal.catalog.definition import Need, Outcome, ProductDefinition, Question
from portal.catalog.models import ProductVersion
from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from portal.core.references import new_token
from portal.people.models import Person
from portal.requests.ordering.booking import booked_centre, offered_centres
from portal.requests.ordering.content import MOST_ROUNDS, OrderContent, load_content
from portal.requests.ordering.models import OrderDraft
from portal.requests.ordering.policy import may_ask, may_ask_for_another
from portal.requests.ordering.several.queries import is_same_person, list_others

FARTHEST: Final = timedelta(days=3660)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who asks, and for whom; somebody who is not in the portal yet has only a name."""

    requester: Person
    beneficiary: Person | None
    beneficiary_name: str


def begin_draft(*, session: Session, version: ProductVersion, person: Person, people: People, at: datetime) -> OrderDraft:
    """Begin an order of a product; `person` is who fills it in.

    :raises ForbiddenError: the product is not for the requester, or the person may not ask for somebody else.
    """
    _check_people(version, person, people)
    draft = OrderDraft(
        token=new_token(),
        person_id=person.id,
        product=version.product,
        product_version=version,
        tree_answers={},
        answers={},
        skipped=[],
        added=[],
    )
    _keep_people(draft, people)
    draft.changed_at, draft.version = at, 1
    session.add(draft)
    session.flush()
    return draft


def change_people(*, session: Session, draft: OrderDraft, person: Person, people: People, at: datetime) -> None:
    """Order for somebody else; the answers stay.

    :raises ForbiddenError: as `begin_draft` does.
    :raises InvalidInputError: the order is for this person already (`double_person`).
    """
    _check_people(draft.product_version, person, people)
    if any(is_same_person(other, people.beneficiary, people.beneficiary_name) for other in list_others(session, draft)):
        raise InvalidInputError({"people": "double_person"})
    _keep_people(draft, people)
    touch(draft=draft, at=at)


def answer_choice(*, draft: OrderDraft, definition: ProductDefinition, question: str, answer: str, at: datetime) -> None:
    """Answer one question of the choice tree; answers that are no longer on the path are dropped.

    Another outcome asks other things, so the details are shown again.

    :raises NotFoundError: the question is not on the path of this order.
    :raises InvalidInputError: this is no answer to it.
    """
    tree = definition.tree
    if tree is None:
        raise NotFoundError
    before = find_next(tree, draft.tree_answers)
    on_path = {asked.code: asked for asked, _option in walk(tree, draft.tree_answers)}
    asked = before if not isinstance(before, Outcome) and before.code == question else on_path.get(question)
    if asked is None:
        raise NotFoundError
    if answer not in {option.code for option in asked.options}:
        raise InvalidInputError({"answer": "required"})
    draft.tree_answers = known_answers(tree, {**draft.tree_answers, question: answer})
    draft.has_details = draft.has_details and find_next(tree, draft.tree_answers) == before
    touch(draft=draft, at=at)


def settle_answers(*, session: Session, draft: OrderDraft, read: Callable[[Sequence[Question]], Mapping[str, Any]]) -> OrderContent:
    """Put what was filled in into the draft, without what is hidden by it, and give what the order comes down to then.

    `read` gives the answers to these questions. An answer can show or hide questions and lines, so this is repeated
    until nothing changes.
    """
    for _round in range(MOST_ROUNDS):
        content = load_content(session, draft)
        answers = dict(read(content.questions))
        if answers == draft.answers:
            break
        draft.answers = answers
    return load_content(session, draft)


def keep_details(*, draft: OrderDraft, is_complete: bool, at: datetime) -> None:
    """Note that the details were filled in; `is_complete` says that every question was seen."""
    draft.has_details = is_complete
    touch(draft=draft, at=at)


def choose_lines(*, session: Session, draft: OrderDraft, chosen: Collection[str], at: datetime) -> None:
    """Switch the optional lines on or off: those whose block is in `chosen` are on.

    When a line that is switched on asks something new, the details are shown again.
    """
    content = load_content(session, draft)
    optional = [line for line in content.offered if line.need is not Need.REQUIRED]
    others = {line.block for line in optional}
    draft.skipped = [block for block in draft.skipped if block not in others]
    draft.skipped += [line.block for line in optional if line.chosen and line.block not in chosen]
    draft.added = [block for block in draft.added if block not in others]
    draft.added += [line.block for line in optional if not line.chosen and line.block in chosen]
    if any(is_in_bundle(line, skipped=draft.skipped, added=draft.added) for line in optional if line not in content.lines):
        asked = {question.code for question in content.questions}
        now_asked = {question.code for question in load_content(session, draft).questions}
        draft.has_details = draft.has_details and now_asked <= asked
    touch(draft=draft, at=at)


def choose_day(*, session: Session, draft: OrderDraft, day: date | None, at: datetime) -> None:
    """Ask for it on another day; who was to have it on the same day as the first person moves along.

    :raises NotFoundError: this order does not ask for a wished day.
    :raises InvalidInputError: this is no day on which it can be ready.
    """
    content = load_content(session, draft)
    code = content.definition.wished_date
    if code is None or code not in {question.code for question in content.questions}:
        raise NotFoundError
    if day is None or not at.date() <= day <= at.date() + FARTHEST:
        raise InvalidInputError({"day": "unknown_value"})
    for other in list_others(session, draft):
        if other.answers.get(code) == draft.answers.get(code):
            other.answers = {**other.answers, code: day.isoformat()}
    draft.answers = {**draft.answers, code: day.isoformat()}
    touch(draft=draft, at=at)


def choose_cost_centre(*, session: Session, draft: OrderDraft, person: Person, centre_id: int | None, at: datetime) -> None:
    """Book an order on another cost centre.

    :raises InvalidInputError: the person may not choose this one (`unknown_value`).
    """
    offered = offered_centres(session, draft, person=person, booked=booked_centre(session, draft))
    if centre_id not in {centre.id for centre in offered}:
        raise InvalidInputError({"cost_centre": "unknown_value"})
    draft.cost_centre_id = centre_id
    touch(draft=draft, at=at)


def touch(*, draft: OrderDraft, at: datetime) -> None:
    """Note that an order was changed, so that a page of before is recognised."""
    draft.changed_at = at
    draft.version += 1


def check_version(*, draft: OrderDraft, version: str | None) -> None:
    """Refuse what was made on an older version of the draft, such as one in another window.

    :raises ConflictError: the draft has changed since.
    """
    if version != str(draft.version):
        raise ConflictError("stale_version")


def delete_draft(*, session: Session, draft: OrderDraft) -> None:
    """Throw away an order that was not submitted; one that was submitted stays."""
    if draft.request_id is None:
        session.delete(draft)


def _check_people(version: ProductVersion, person: Person, people: People) -> None:
    for_another = people.requester.id != person.id
    if not may_ask(people.requester, version.audience) or (for_another and not may_ask_for_another(person)):
        raise ForbiddenError


def _keep_people(draft: OrderDraft, people: People) -> None:
    draft.requester, draft.beneficiary = people.requester, people.beneficiary
    draft.beneficiary_name = people.beneficiary.name if people.beneficiary else people.beneficiary_name
