"""Who may load which draft."""

import pytest
from sqlalchemy.orm import Session

from portal.core.errors import NotFoundError
from portal.requests.ordering.queries import get_draft_for, list_drafts
from tests.factories import make_chain, make_draft, make_person


def test_a_draft_is_its_makers_own(session: Session) -> None:
    person, other = make_person(session), make_person(session)
    draft = make_draft(session, person, make_chain(session))
    assert [one.id for one in list_drafts(session, by=person)] == [draft.id]
    assert list_drafts(session, by=other) == []
    with pytest.raises(NotFoundError):
        get_draft_for(session, by=other, token=draft.token)
