"""To which audiences somebody belongs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.people.audience import ANYBODY, CITIZEN, Belonging, PersonFacts, belongs, is_token, split_token, token, tokens_of
from portal.people.roles import Role

codes = st.sampled_from(["ict", "kring-0", "kring_0", "adviseur"])
organisational = st.builds(token, st.sampled_from(Belonging), codes)
audiences = st.frozensets(st.one_of(st.sampled_from([CITIZEN, *Role]), organisational), max_size=4)
facts = st.builds(
    PersonFacts,
    roles=st.frozensets(st.sampled_from(Role), max_size=3),
    department=st.none() | codes,
    function=st.none() | codes,
    location=st.none() | codes,
)


def of(*roles: Role, **belonging: str) -> frozenset[str]:
    return tokens_of(PersonFacts(roles=frozenset(roles), **belonging))


def test_a_visitor_is_a_citizen_and_nothing_else() -> None:
    assert tokens_of(None) == {CITIZEN}


def test_everybody_who_signs_in_is_an_employee_except_partners() -> None:
    assert Role.EMPLOYEE in of(Role.ADMINISTRATOR)
    assert Role.EMPLOYEE in of()
    assert of(Role.PARTNER) == {CITIZEN, Role.PARTNER}


def test_who_asks_for_others_sees_all_that_somebody_may_ask() -> None:
    assert belongs(of(Role.SERVICE_DESK), {"manager"})
    assert not belongs(of(Role.SERVICE_DESK), set())
    assert not belongs(of(Role.ADMINISTRATOR), {"manager"})


@pytest.mark.parametrize("text", ["", "king", "department:", "team:ict", "everyone", ANYBODY])
def test_other_words_are_no_token(text: str) -> None:
    assert not is_token(text)


@settings(max_examples=100, deadline=None)
@given(st.none() | facts, audiences)
def test_one_token_in_common_is_what_it_takes(person: PersonFacts | None, audience: frozenset[str]) -> None:
    tokens = tokens_of(person)
    assert belongs(tokens, audience) is (bool(tokens & audience) or (ANYBODY in tokens and bool(audience)))
    assert not belongs(tokens, frozenset())
    for text in tokens:
        found = split_token(text)
        assert found is None or (person is not None and getattr(person, found[0].value) == found[1])
