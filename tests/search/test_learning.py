"""The screens with which people keep the search: synonyms, trying out, and missed searches."""

import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.core.clock import utc_now
from portal.core.errors import ConflictError
from portal.core.journal import SYSTEM, list_entries
from portal.people.models import Department
from portal.people.roles import Role
from portal.search.actions import note_missed_search, reindex
from portal.search.learning.actions import Written, remove_group, save_group
from portal.search.learning.queries import STREAM, SynonymGroup, are_kept_by_people, list_groups, page_of_missed
from portal.search.queries import find
from portal.search.rules import Shortfall
from tests.factories import NOW, make_chain, make_person, sign_in

SYNONYMS = "/manage/catalog/search/synonyms"
MISSED = "/manage/catalog/search/missed"


@pytest.fixture
def department(session: Session) -> Department:
    """Give the department of a product that is in the index."""
    version = make_chain(session)
    reindex(session=session)
    return version.owner


@pytest.fixture
def manager(client: FlaskClient, session: Session, department: Department) -> FlaskClient:
    """Give the browser of somebody who keeps the catalogue, in English."""
    del department
    sign_in(client, make_person(session, Role.CATALOGUE_MANAGER, language="en"))
    return client


def save(session: Session, typed: list[str], *, decides: bool = False, before: SynonymGroup | None = None, seen: str | None = None) -> None:
    written = Written(means="newcomer", typed=typed, decides=decides, seen=seen)
    save_group(session=session, before=before, written=written, by=SYSTEM, at=NOW)
    session.flush()


def groups(session: Session) -> list[tuple[str, bool, list[str]]]:
    return [(one.means, one.decides, list(one.typed)) for one in list_groups(session)]


def note(session: Session, text: str, times: int = 1, *, days_ago: int = 0, shortfall: Shortfall = Shortfall.NOTHING, **of: int) -> None:
    on: date = utc_now().date() - timedelta(days=days_ago)
    for _ in range(times):
        note_missed_search(session=session, text=text, shortfall=shortfall, department_id=of.get("department_id"), on=on)


def test_a_manager_adds_changes_and_removes_synonyms(manager: FlaskClient, session: Session) -> None:
    answer = manager.post(f"{SYNONYMS}/new", data={"means": "Newcomer", "typed": "Rookie\n\n rookie \nnew face"})
    assert answer.headers["Location"] == f"{SYNONYMS}?q=Rookie"
    assert groups(session) == [("newcomer", False, ["new face", "rookie"])]
    shown = manager.get(f"{SYNONYMS}?q=rookies").text
    assert re.search(r"newcomer <span[^>]*>\(a synonym\)", shown)
    assert "product newcomer (en)" in shown
    number = list_groups(session)[0].number
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', manager.get(f"{SYNONYMS}/{number}").text)
    assert seen
    data = {"means": "newcomer", "typed": "greenhorn", "decides": "y", "seen": seen[1]}
    assert manager.post(f"{SYNONYMS}/{number}", data=data).status_code == 303
    assert groups(session) == [("newcomer", True, ["greenhorn"])]
    assert not find(session, "rookie", person=None, most=1).found
    assert manager.post(f"{SYNONYMS}/{list_groups(session)[0].number}/removal").status_code == 303
    assert groups(session) == []
    assert [entry.type for entry in list_entries(session, stream=STREAM)] == ["synonyms_changed"] * 4


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"means": "helicopter", "typed": "chopper"}, "The catalogue does not hold these words."),
        ({"means": "the", "typed": "chopper"}, "The catalogue does not hold these words."),
        ({"means": "newcomer", "typed": " \n!!"}, "Write at least one word that people type."),
        ({"means": "newcomer", "typed": "xx " * 40}, "Use at most 100 characters"),
        ({"means": "", "typed": "chopper"}, "Fill this in."),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(manager: FlaskClient, session: Session, data: dict[str, str], sentence: str) -> None:
    answer = manager.post(f"{SYNONYMS}/new", data=data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not groups(session)


@pytest.mark.usefixtures("department")
def test_two_people_do_not_overwrite_each_other_unseen(session: Session) -> None:
    save(session, ["rookie"])
    before = list_groups(session)[0]
    save(session, ["rookie", "greenhorn"], before=before, seen=before.fingerprint)
    with pytest.raises(ConflictError):
        save(session, ["freshman"], before=before, seen=before.fingerprint)
    assert groups(session) == [("newcomer", False, ["greenhorn", "rookie"])]


def test_a_conflict_shows_what_it_is_now_and_can_be_saved_after_all(manager: FlaskClient, session: Session) -> None:
    save(session, ["rookie"])
    number = list_groups(session)[0].number
    data = {"means": "newcomer", "typed": "freshman", "seen": "of before"}
    answer = manager.post(f"{SYNONYMS}/{number}", data=data)
    assert answer.status_code == 409
    assert "in the place of: rookie." in answer.text
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', answer.text)
    assert seen
    assert manager.post(f"{SYNONYMS}/{number}", data={**data, "seen": seen[1]}).status_code == 303
    assert groups(session) == [("newcomer", False, ["freshman"])]


@pytest.mark.usefixtures("department")
def test_synonyms_of_the_same_words_come_together(session: Session) -> None:
    assert not are_kept_by_people(session)
    save(session, ["rookie"])
    save(session, ["greenhorn"])
    save(session, ["greenhorn", "broken"], decides=True)
    assert groups(session) == [("newcomer", False, ["rookie"]), ("newcomer", True, ["broken", "greenhorn"])]
    remove_group(session=session, group=list_groups(session)[1], by=SYSTEM, at=NOW)
    session.flush()
    assert groups(session) == [("newcomer", False, ["rookie"])]
    assert are_kept_by_people(session)


def test_missed_searches_lead_to_a_synonym(manager: FlaskClient, session: Session, department: Department) -> None:
    assert "Nothing was missed" in manager.get(MISSED).text
    note(session, "helicopter", 2, department_id=department.id)
    note(session, "helicopter", 1)
    note(session, "swimming pool", 1, shortfall=Shortfall.LITTLE)
    note(session, "balloon", 4, days_ago=60)
    page = manager.get(MISSED).text
    assert re.search(r"helicopter.*3 times.*ict \(en\) \(2\).*swimming pool.*1 time.*visitors", page, re.DOTALL)
    assert f'href="{SYNONYMS}/new?typed=swimming+pool"' in page
    assert "balloon" not in page
    assert "balloon" in manager.get(f"{MISSED}?days=90").text
    assert "helicopter" not in manager.get(f"{MISSED}?kind=little").text
    assert manager.get(f"{MISSED}?days=x&kind=y&after=z").status_code == 200
    assert "helicopter" in manager.get(f"{SYNONYMS}/new?typed=helicopter").text


@pytest.mark.usefixtures("department")
def test_missed_searches_are_paged_by_key(session: Session, statements: list[str]) -> None:
    for number in range(45):
        note(session, f"text {chr(97 + number % 26)}{number // 26}", 1 + number % 3)
    seen, after, costs = [], None, set()
    while True:
        statements.clear()
        found = page_of_missed(session, since=utc_now().date(), shortfall=None, after=after)
        costs.add(len(statements))
        seen += [(-row.times, row.text) for row in found.rows]
        after = found.next_key
        if after is None:
            break
    assert len(seen) == 45
    assert seen == sorted(set(seen))
    assert costs == {2}


@pytest.mark.parametrize("address", [SYNONYMS, MISSED, f"{SYNONYMS}/new"])
def test_only_who_keeps_the_catalogue_enters(client: FlaskClient, session: Session, address: str) -> None:
    assert client.get(address).status_code == 303
    sign_in(client, make_person(session, Role.SERVICE_DESK))
    assert client.get(address).status_code == 403
