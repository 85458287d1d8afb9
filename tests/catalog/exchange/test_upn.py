"""The Uniforme Productnamenlijst: read with its mistakes by line, replaced as a whole, and shown on the product that names it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.catalogue import Catalogue
from portal.catalog.codec import product_as_data, product_from_data
from portal.catalog.exchange.actions import replace_upn_names
from portal.catalog.exchange.comparison import Change
from portal.catalog.exchange.queries import load_catalogue
from portal.catalog.exchange.upn import read_upn_names
from portal.catalog.inspection.queries import load_organisation
from portal.catalog.inspection.rules import inspect_catalogue
from portal.catalog.models import UpnName
from portal.core.errors import InvalidInputError
from portal.core.journal import SYSTEM
from portal.core.yaml_files import Problems
from tests.catalog.examples import product_with, publish
from tests.factories import NOW, ZONE, make_line

MOVING = "https://upn.example/verhuizing"
PERMIT = "https://upn.example/vergunning"


def read(*rows: tuple[str, ...], header: tuple[str, ...] = ("UniformeProductnaam", "URI")) -> tuple[dict[str, str], list[str]]:
    problems = Problems()
    names = read_upn_names(list(enumerate([header, *rows], start=1)), shown="upl.csv", problems=problems)
    return dict(names), [f"{one.line} {one.field} {one.code}" for one in problems.found]


@pytest.mark.parametrize(
    "header", [("UniformeProductnaam", "URI"), ("Uniforme productnaam", "uri"), ("naam", "Uri"), ("name", "URI", "Grondslag")]
)
def test_names_are_read_by_uri(header: tuple[str, ...]) -> None:
    assert read(("verhuizing", MOVING), header=header) == ({MOVING: "verhuizing"}, [])


def test_every_mistake_has_its_line() -> None:
    _, wrong = read(("a", MOVING), ("", PERMIT), ("b", "javascript:alert(1)"), ("c", MOVING), ("x" * 301, PERMIT), ("d",))
    assert wrong == ["3 name required", "4 uri not_a_web_address", "5 uri double_code", "6 name too_long", "7 uri not_a_web_address"]
    assert read(header=("naam",)) == ({}, ["1 uri required"])
    assert read(header=()) == ({}, ["1 name required", "1 uri required"])


def test_the_list_is_replaced_as_a_whole(session: Session) -> None:
    assert replace_upn_names(session=session, names={MOVING: "verhuizing", PERMIT: "vergunning"}, by=SYSTEM, at=NOW)[Change.NEW] == 2
    counts = replace_upn_names(session=session, names={MOVING: "verhuizen", "https://upn.example/pas": "pas"}, by=SYSTEM, at=NOW)
    assert {change: counts[change] for change in Change} == {Change.NEW: 1, Change.CHANGED: 1, Change.UNCHANGED: 0, Change.ABSENT: 1}
    assert set(session.scalars(select(UpnName.name))) == {"verhuizen", "pas"}


@pytest.mark.usefixtures("catalogue")
def test_a_product_shows_its_uniform_name(client: FlaskClient, session: Session) -> None:
    replace_upn_names(session=session, names={MOVING: "verhuizing doorgeven"}, by=SYSTEM, at=NOW)
    publish(session, "workplace", [make_line("desk"), make_line("pass")], upn=MOVING)
    text = client.get("/catalog/workplace", headers={"Accept-Language": "en"}).text
    assert "Uniform product name" in text
    assert f'<a href="{MOVING}" lang="nl">verhuizing doorgeven</a>' in text
    publish(session, "workplace", [make_line("desk"), make_line("pass")], upn=PERMIT)
    assert "Uniform product name" not in client.get("/catalog/workplace", headers={"Accept-Language": "en"}).text


def test_a_name_that_is_not_in_the_list_is_found(session: Session, catalogue: Catalogue) -> None:
    del catalogue
    publish(session, "workplace", [make_line("desk"), make_line("pass")], upn=MOVING)
    findings = inspect_catalogue(load_catalogue(session), load_organisation(session, ZONE, at=NOW))
    assert ("unknown_upn", "upn") in {(one.code.value, one.place) for one in findings}
    replace_upn_names(session=session, names={MOVING: "verhuizing"}, by=SYSTEM, at=NOW)
    findings = inspect_catalogue(load_catalogue(session), load_organisation(session, ZONE, at=NOW))
    assert "unknown_upn" not in {one.code.value for one in findings}


@pytest.mark.parametrize("upn", ["javascript:alert(1)", "verhuizing", "https://", "http:// x", " https://upn.example/a"])
def test_only_an_address_on_the_web_is_a_link(upn: str) -> None:
    data = {**product_as_data(product_with([make_line("desk")])), "upn": upn}
    with pytest.raises(InvalidInputError) as refused:
        product_from_data(data)
    assert refused.value.errors == {"upn": "not_a_web_address"}
