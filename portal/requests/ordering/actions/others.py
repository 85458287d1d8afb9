"""Ordering for more people at once: adding them, keeping the answers that differ, and taking them off again."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.catalog.definition import Question
from portal.core.errors import InvalidInputError, NotFoundError
from portal.people.models import Person
from portal.people.rules import MOST_NAME
from portal.requests.ordering.actions.drafts import touch
from portal.requests.ordering.content import MOST_ROUNDS
from portal.requests.ordering.models import OrderDraft
from portal.requests.ordering.several.models import FurtherBeneficiary
from portal.requests.ordering.several.queries import Several, Share, is_same_person, list_others
from portal.requests.ordering.several.rules import MOST_PERSONS, proposed_answers


def add_others(*, session: Session, several: Several, people: Sequence[Person | str], at: datetime) -> Sequence[FurtherBeneficiary]:
    """Order for these people too; somebody who is not in the portal yet is given by name.

    What was chosen for the first person is filled in beforehand where it can differ.

    :raises InvalidInputError: somebody is on the order already (`double_person`, of a colleague with the name), a name is
        too long (`too_long`), or there are too many people (`too_many`).
    """
    draft, others = several.draft, list_others(session, several.draft)
    if 1 + len(others) + len(people) > MOST_PERSONS:
        raise InvalidInputError({"names": "too_many"})
    on_it: list[OrderDraft | FurtherBeneficiary] = [draft, *others]
    added: list[FurtherBeneficiary] = []
    for person in people:
        name = person if isinstance(person, str) else person.name
        account = None if isinstance(person, str) else person
        if len(name) > MOST_NAME:
            raise InvalidInputError({"names": "too_long"})
        if any(is_same_person(one, account, name) for one in on_it):
            raise InvalidInputError({"names": "double_person"} if account is None else {"colleague": f"double_person: {name}"})
        other = FurtherBeneficiary(
            draft_id=draft.id, beneficiary_id=account.id if account else None, beneficiary=account, beneficiary_name=name, answers={}
        )
        other.answers = proposed_answers(several.share_of(other).asked, several.content.answers)
        added.append(other)
        on_it.append(other)
    session.add_all(added)
    session.flush()
    touch(draft=draft, at=at)
    return added


def settle_other(*, several: Several, other: FurtherBeneficiary, read: Callable[[Sequence[Question]], Mapping[str, Any]]) -> Share:
    """Keep what was filled in for one more person, without what is hidden by it, and give what the order comes down to then.

    `read` gives the answers to these questions; this is repeated until no question comes or goes.
    """
    for _round in range(MOST_ROUNDS):
        share = several.share_of(other)
        answers = dict(read(share.asked))
        if answers == other.answers:
            break
        other.answers = answers
    return several.share_of(other)


def remove_other(*, session: Session, draft: OrderDraft, other_id: int, at: datetime) -> None:
    """Take a person off an order.

    :raises NotFoundError: this person is not on it.
    """
    other = next((one for one in list_others(session, draft) if one.id == other_id), None)
    if other is None:
        raise NotFoundError
    session.delete(other)
    session.flush()
    touch(draft=draft, at=at)
