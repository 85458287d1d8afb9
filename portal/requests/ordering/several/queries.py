"""What an order comes down to for each of its people, and the requests that were sent in together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, joinedload

from portal.catalog.bundle import all_questions
from portal.catalog.conditions import is_answered
from portal.catalog.definition import Need, Question, QuestionKind
from portal.catalog.memory import block_definition_of, definition_of
from portal.catalog.models import BlockVersion, ProductVersion
from portal.catalog.queries import published_blocks
from portal.people.models import Person
from portal.requests.models import Request
from portal.requests.ordering.content import Choices, OrderContent, content_of
from portal.requests.ordering.known import known_facts
from portal.requests.ordering.models import OrderDraft
from portal.requests.ordering.several.models import FurtherBeneficiary
from portal.requests.ordering.several.rules import answers_of_one, codes_per_person, questions_of_one


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What an order comes down to for one person, and what is `asked` of this person alone.

    `key` is the id of the further person on the order; 0 is the first.
    """

    key: int
    beneficiary: Person | None
    name: str
    content: OrderContent
    asked: tuple[Question, ...]

    @property
    def missing(self) -> Sequence[Question]:
        """List the questions that must be answered and are not."""
        return [one for one in self.content.questions if one.need is Need.REQUIRED and not is_answered(self.content.answers.get(one.code))]

    @property
    def is_complete(self) -> bool:
        """Tell whether it can be submitted: something is to be done, and every answer that is needed is there."""
        return bool(self.content.lines) and not self.missing

    @property
    def is_apart(self) -> bool:
        """Tell whether a file is needed for this person only, so that the order must be apart."""
        return bool(self.key) and any(one.kind is QuestionKind.FILE for one in self.missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """An order for all of its people: the first person's `content`, and the published building blocks of the product."""

    draft: OrderDraft
    content: OrderContent
    versions: Mapping[str, BlockVersion]
    per_person: frozenset[str]

    @property
    def asked_first(self) -> list[str]:
        """List the codes of what the first person was asked."""
        return [question.code for question in self.content.questions]

    def share_of(self, other: FurtherBeneficiary) -> Share:
        """Work out what the order comes down to for one more person; answers to what is not asked of this one do not count."""
        choices = self._choices(other)
        content = content_of(self.content.definition, choices, self.versions)
        while choices.answers.keys() - {question.code for question in content.questions}:
            counted = {one.code: choices.answers[one.code] for one in content.questions if one.code in choices.answers}
            choices = replace(choices, answers=counted)
            content = content_of(self.content.definition, choices, self.versions)
        asked = questions_of_one(content.questions, asked_first=self.asked_first, per_person=self.per_person)
        name = other.beneficiary.name if other.beneficiary else other.beneficiary_name
        return Share(key=other.id, beneficiary=other.beneficiary, name=name, content=content, asked=asked)

    def _choices(self, other: FurtherBeneficiary) -> Choices:
        draft = self.draft
        facts = known_facts(requester=draft.requester, beneficiary=other.beneficiary, beneficiary_name=other.beneficiary_name)
        return Choices(
            tree_answers=draft.tree_answers,
            answers=answers_of_one(shared=draft.answers, own=other.answers, asked_first=self.asked_first, per_person=self.per_person),
            skipped=draft.skipped,
            added=draft.added,
            facts={name: fact.value for name, fact in facts.items()},
        )


def load_several(session: Session, draft: OrderDraft, content: OrderContent) -> Several:
    """Load what it takes to work an order out for several people; `content` is what it comes down to for the first."""
    versions = published_blocks(session, definition_of(draft.product_version).block_codes())
    questions = all_questions([block_definition_of(version) for version in versions.values()])
    return Several(draft=draft, content=content, versions=versions, per_person=codes_per_person(questions))


def load_shares(session: Session, draft: OrderDraft, content: OrderContent) -> list[Share]:
    """Give what an order comes down to for each of its people, the first one first; the same statements for any number."""
    others = list_others(session, draft)
    several = load_several(session, draft, content) if others else None
    return [first_share(draft, content), *(several.share_of(other) for other in others if several)]


def first_share(draft: OrderDraft, content: OrderContent) -> Share:
    """Give the share of the person for whom the order was begun."""
    name = draft.beneficiary.name if draft.beneficiary else draft.beneficiary_name
    return Share(key=0, beneficiary=draft.beneficiary, name=name, content=content, asked=content.questions)


def list_others(session: Session, draft: OrderDraft) -> Sequence[FurtherBeneficiary]:
    """List the further people of an order in the order in which they were added, with department and place."""
    person = joinedload(FurtherBeneficiary.beneficiary)
    query = select(FurtherBeneficiary).where(FurtherBeneficiary.draft_id == draft.id).order_by(FurtherBeneficiary.id)
    return session.scalars(query.options(person.joinedload(Person.department), person.joinedload(Person.location))).all()


def is_same_person(one: FurtherBeneficiary | OrderDraft, person: Person | None, name: str) -> bool:
    """Tell whether this is the same person: in the portal the same account, else the same name in any case of letters."""
    if one.beneficiary_id is not None or person is not None:
        return person is not None and one.beneficiary_id == person.id
    return one.beneficiary_name.casefold() == name.casefold()


def list_together(session: Session, request: Request) -> Sequence[Request]:
    """List the requests that were sent in together with this one, itself too; empty when it was alone."""
    if request.together_id is None:
        return []
    query = select(Request).where(Request.together_id == request.together_id).order_by(Request.id)
    return session.scalars(
        query.options(defer(Request.answers, raiseload=True), joinedload(Request.product_version).load_only(ProductVersion.name))
    ).all()


def count_together(session: Session, requests: Sequence[Request]) -> Mapping[int, int]:
    """Count with how many each of these requests was sent in, by `together_id`: one statement, or none when all were alone."""
    groups = {one.together_id for one in requests if one.together_id is not None}
    if not groups:
        return {}
    query = select(Request.together_id, func.count()).where(Request.together_id.in_(groups)).group_by(Request.together_id)
    return {group: number for group, number in session.execute(query) if group is not None}
