"""The figures of the matrix, what is asked beside what, and the empty cells that are so on purpose."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.definition import Level, Tier
from portal.catalog.matrix.actions import leave_empty, open_again
from portal.catalog.matrix.queries import choices_by_cell, figures_by_product, list_beside
from portal.catalog.matrix.rules import Figures, count_pairs, total
from portal.catalog.models import ProductPair
from portal.core.clock import utc_now
from portal.core.errors import NotFoundError
from portal.core.journal import SYSTEM, list_entries
from portal.people.roles import Role
from portal.planning.actions import save_closed_day
from portal.requests.actions.figures import count_figures
from portal.requests.workflow import RequestState
from tests.catalog.examples import publish
from tests.factories import NOW, make_chain, make_line, make_person, make_product, make_request, sign_in, words

DAY = timedelta(days=1)
FORTNIGHT = timedelta(days=14)


@pytest.mark.parametrize(
    ("figures", "volume", "share"),
    [
        (Figures(0, 0, 0), None, None),
        (Figures(4, 4, 4), None, None),
        (Figures(5, 4, 4), 5, None),
        (Figures(12, 6, 5), 12, 83),
        (Figures(200, 200, 199), 200, 99),
    ],
)
def test_few_cases_are_not_shown(figures: Figures, volume: int | None, share: int | None) -> None:
    assert (figures.volume, figures.share_on_time) == (volume, share)


def test_a_cell_is_the_sum_of_its_products() -> None:
    assert total([Figures(3, 2, 1), Figures(4, 3, 3)]) == Figures(7, 5, 4)


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(0, 40)), max_size=25))
def test_pairs_are_counted_per_person_and_both_ways(asked: list[tuple[int, int, int]]) -> None:
    rows = sorted((person, product, NOW + day * DAY) for person, product, day in asked)
    rows.sort(key=lambda row: (row[0], row[2]))
    together = {(one[0], one[1], other[1]) for one in rows for other in rows if one[0] == other[0] and abs(one[2] - other[2]) <= FORTNIGHT}
    expected = {(a, b): sum((person, a, b) in together for person in (1, 2, 3)) for _, a, b in together if a != b}
    assert count_pairs(rows, within=FORTNIGHT) == expected


def test_the_job_counts_what_was_asked_done_and_on_time(session: Session) -> None:
    version, person = make_chain(session), make_person(session)
    never = make_product(session, "never", [make_line("record")])
    outcomes = [(RequestState.DONE, -1), (RequestState.DONE, 1), (RequestState.CANCELLED, -1), (RequestState.IN_PROGRESS, None)]
    for state, days in outcomes:
        request = make_request(session, person, version)
        request.state = state
        request.closed_at = None if days is None else request.first_latest_at + days * DAY
    make_request(session, person, version, at=NOW - timedelta(days=400))
    session.flush()
    count_figures(session=session, at=NOW + DAY)
    count_figures(session=session, at=NOW + DAY)
    assert figures_by_product(session) == {version.product_id: Figures(4, 2, 1), never.product_id: Figures(0, 0, 0)}


def test_what_goes_with_a_product_is_asked_by_enough_people_or_shares_blocks(session: Session) -> None:
    first = make_chain(session)
    second = make_product(session, "second", [make_line("record")])
    people = [make_person(session) for _ in range(5)]
    for person in people[:4]:
        make_request(session, person, first)
        make_request(session, person, second, at=NOW + 13 * DAY)
    make_request(session, people[4], first)
    make_request(session, people[4], second, at=NOW + 15 * DAY)
    count_figures(session=session, at=NOW + 20 * DAY)
    pair = session.scalars(select(ProductPair).where(ProductPair.product_id == first.product_id)).one()
    assert (pair.beside_id, pair.requesters, pair.shared_blocks) == (second.product_id, 4, 1)
    assert [version.code for _, version in list_beside(session, second.product_id)] == ["newcomer"]


def test_the_matrix_shows_enough_cases_and_hides_few(client: FlaskClient, session: Session) -> None:
    version, person = make_chain(session), make_person(session, Role.MANAGER, language="en")
    assert "The figures were not counted yet." in client.get("/catalog/matrix", headers={"Accept-Language": "en"}).text
    sign_in(client, person)
    for number in range(5):
        request = make_request(session, person, version)
        request.state, request.closed_at = RequestState.DONE, request.first_latest_at + (DAY if number == 0 else -DAY)
        session.flush()
        count_figures(session=session, at=NOW + DAY)
        page = client.get("/catalog/matrix").text
        assert ("Too few requests to show figures." in page) is (number < 4)
    assert "<dd>5</dd>" in page
    assert "<dd>80%</dd>" in page
    assert "Tuesday 24 November 2026" in page


def test_a_cell_of_others_is_not_called_empty(client: FlaskClient, session: Session) -> None:
    make_chain(session)
    publish(session, "plan", [make_line("record")], audience=frozenset({"manager"}), tier=Tier.PLUS)
    sign_in(client, make_person(session, language="en"))
    page = client.get("/catalog/matrix").text
    assert page.count("Nothing here that you may ask for.") == 1
    assert page.count("Nothing yet.") == 7


def test_an_empty_cell_tells_why_and_the_journal_keeps_who_said_so(client: FlaskClient, session: Session) -> None:
    place = {"session": session, "tier": Tier.PLUS, "level": Level.STRATEGIC, "by": SYSTEM, "at": NOW}
    for reason in ("Because", "Because", "For another reason"):
        leave_empty(reason=words(reason), **place)  # type: ignore[arg-type]  # the same place each time
    page = client.get("/catalog/matrix", headers={"Accept-Language": "en"}).text
    assert "For another reason (en)" in page
    assert page.count("Nothing yet.") == 8
    open_again(**place)  # type: ignore[arg-type]  # the same place each time
    session.flush()
    assert not choices_by_cell(session)
    types = [entry.type for entry in list_entries(session, stream="matrix:plus:strategic")]
    assert types == ["cell_left_empty", "cell_left_empty", "cell_opened_again"]
    with pytest.raises(NotFoundError):
        open_again(**place)  # type: ignore[arg-type]  # the same place each time


def test_a_product_page_shows_hours_what_goes_with_it_and_what_was_on_time(client: FlaskClient, session: Session) -> None:
    first, closed_on = make_chain(session), utc_now().date() + timedelta(days=1)
    while closed_on.weekday() > 4:
        closed_on += DAY
    second = make_product(session, "second", [make_line("record")])
    hidden = make_product(session, "hidden", [make_line("record")], audience=frozenset({"manager"}))
    save_closed_day(session=session, on=closed_on, name=words("Party"), department=None, hours=None)
    people = [make_person(session, language="en") for _ in range(5)]
    for person in people:
        request = make_request(session, person, first)
        request.state, request.closed_at = RequestState.DONE, request.first_latest_at - DAY
        make_request(session, person, second)
    session.flush()
    count_figures(session=session, at=NOW + DAY)
    sign_in(client, people[0])
    page = client.get("/catalog/newcomer").text
    assert "Monday\u2013Friday 8:00\u201317:00" in page
    assert "Coming closed days" in page
    assert "100% of the finished requests" in page
    beside = page[page.index("What people ask beside it") :]
    assert f'href="/catalog/{second.code}"' in beside
    assert f'href="/catalog/{hidden.code}"' not in page
    assert "Goes together with" not in page
    sign_in(client, make_person(session, Role.MANAGER, language="en"))
    related = client.get("/catalog/newcomer").text
    assert f'href="/catalog/{hidden.code}"' in related[related.index("Goes together with") :]


def test_what_the_manager_relates_to_a_product_stands_first_and_only_for_who_may_ask_it(client: FlaskClient, session: Session) -> None:
    make_chain(session)
    for code, audience in (("chosen", "employee"), ("hidden", "manager")):
        make_product(session, code, [make_line("laptop")], audience=frozenset({audience}))
    make_product(session, "main", [make_line("record")], related=("hidden", "chosen", "gone"))
    sign_in(client, make_person(session, language="en"))
    page = client.get("/catalog/main").text
    related = page[page.index("Goes together with") :]
    assert 'href="/catalog/chosen"' in related
    assert 'href="/catalog/hidden"' not in page
