"""The pages of the calendars, as an administrator and as the head of a department."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.references import new_token
from portal.hours.models import CalendarRun
from portal.jobs.runner import run_all_due
from portal.people.models import Department
from portal.people.roles import Role
from portal.planning.models import ClosedDay
from portal.planning.queries import list_weeks
from portal.requests.models import Request
from portal.web.application import Application
from tests.factories import NOW, ZONE, make_department, make_person, sign_in

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEK = {"valid_from": "2026-11-25", **dict.fromkeys(DAYS[:5], "08:00-12:30"), **dict.fromkeys(DAYS[5:], "")}
DAY = {"on": "2026-11-25", "name_nl": "Brandoefening", "name_en": "Fire drill", "hours": ""}


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def keyed(fields: dict[str, str]) -> dict[str, str]:
    return {**fields, "form_key": new_token()}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_it_does_is_shown_before_it_is_saved(
    admin_client: FlaskClient, app: Application, session: Session, ict: Department, language: str
) -> None:
    admin_client.post("/language", data={"language": language, "next": "/"})
    page = admin_client.get("/manage/hours/ict/days/new", query_string=DAY)
    assert {"nl": "Hierdoor verschuiven de datums van 3 lopende", "en": "This moves the dates of 3 open"}[language] in page.text
    assert session.scalars(select(ClosedDay)).all() == []
    assert admin_client.post("/manage/hours/ict/days", data=keyed(DAY)).status_code == 303
    page = admin_client.get("/manage/hours/ict")
    assert ("Adil Beheerder" in page.text, "<progress" in page.text) == (True, True)
    run_all_due(app, at=NOW)
    session.expire_all()
    run = session.scalars(select(CalendarRun)).one()
    assert (run.department_id, run.moved, run.finished_at) == (ict.id, 3, NOW)
    page = admin_client.get("/manage/hours/ict")
    assert "<progress" not in page.text
    assert {"nl": "de datums van 3 zijn verschoven", "en": "the dates of 3 moved"}[language] in page.text
    day = session.scalars(select(ClosedDay)).one()
    assert {"nl": "van 3 lopende aanvragen", "en": "of 3 open requests"}[language] in admin_client.get(
        f"/manage/hours/days/{day.id}/removal"
    ).text
    assert admin_client.post(f"/manage/hours/days/{day.id}/removal", data=keyed({})).status_code == 303
    assert session.scalars(select(ClosedDay)).all() == []


def test_a_second_click_saves_once(admin_client: FlaskClient, session: Session, ict: Department) -> None:
    del ict
    fields = keyed(DAY)
    assert [admin_client.post("/manage/hours/ict/days", data=fields).status_code for _ in range(2)] == [303, 303]
    assert len(session.scalars(select(CalendarRun)).all()) == 1


def test_other_hours_are_tried_and_saved(admin_client: FlaskClient, ict: Department) -> None:
    del ict
    assert "08:00-17:00" in admin_client.get("/manage/hours/ict/week").text
    assert "van 3 lopende" in admin_client.get("/manage/hours/ict/week", query_string=WEEK).text
    assert admin_client.post("/manage/hours/ict/week", data=keyed(WEEK)).status_code == 303
    page = admin_client.get("/manage/hours/ict").text
    assert "woensdag 25 november 2026" in page
    assert "08:00\u201312:30" in page


def test_hours_of_two_people_never_overwrite_each_other_unseen(admin_client: FlaskClient, session: Session, ict: Department) -> None:
    address = "/manage/hours/ict/week"
    seen = re.findall(r'name="seen"[^>]*value="(\w+)"', admin_client.get(address).text)[0]
    mine, theirs = WEEK | {"seen": seen, "monday": "09:00-12:00"}, WEEK | {"seen": seen, "friday": ""}
    assert "Deze wijziging bewaren" in admin_client.get(address, query_string=mine).text
    assert admin_client.post(address, data=keyed(theirs)).status_code == 303
    for answer in (admin_client.get(address, query_string=mine), admin_client.post(address, data=keyed(mine))):
        assert (answer.status_code, "Iemand anders heeft deze openingstijden intussen gewijzigd" in answer.text) == (409, True)
        assert 'value="09:00-12:00"' in answer.text, "what was typed is not lost"
        assert "vrijdag t/m zondag: gesloten" in re.sub(r"<[^>]+>", "", answer.text)
        assert "1 januari 2000" not in answer.text, "what holds now is called that"
        assert "Deze wijziging bewaren" not in answer.text
    assert list_weeks(session, ict.id)[date(2026, 11, 25)][4] == ()
    again = re.findall(r'name="seen"[^>]*value="(\w+)"', answer.text)[0]
    assert admin_client.post(address, data=keyed(mine | {"seen": again})).status_code == 303


@pytest.mark.parametrize(
    ("path", "fields", "sentence"),
    [
        ("week", WEEK | {"monday": "17:00-08:00"}, "eindigt voordat het begint"),
        ("week", WEEK | {"monday": "08:00-12:30, 12:00-17:00"}, "overlappen"),
        ("week", WEEK | {"monday": "overdag"}, "Schrijf tijden als"),
        ("week", WEEK | {"valid_from": "2026-11-22"}, "al voorbij"),
        ("week", WEEK | {"valid_from": ""}, "Kies een dag"),
        ("week", WEEK | dict.fromkeys(DAYS, ""), "ten minste voor één dag"),
        ("days", DAY | {"on": "2026-11-22"}, "al voorbij"),
        ("days", DAY | {"on": "31 februari"}, ""),
        ("days", DAY | {"name_en": " "}, "Engelse naam"),
        ("days", DAY | {"hours": "08:00-09:00, 10:00-11:00"}, "één stuk"),
        ("days", DAY | {"hours": "12:00-08:30"}, "eindigt voordat het begint"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    admin_client: FlaskClient, ict: Department, path: str, fields: dict[str, str], sentence: str
) -> None:
    del ict
    look = "week" if path == "week" else "days/new"
    for answer in (
        admin_client.get(f"/manage/hours/ict/{look}", query_string=fields),
        admin_client.post(f"/manage/hours/ict/{path}", data=keyed(fields)),
    ):
        assert answer.status_code == 422
        assert "data-error-summary" in answer.text
        assert sentence in answer.text
        assert "maandag:" not in answer.text, "a label begins with a capital"


def test_a_double_day_is_told(admin_client: FlaskClient, ict: Department) -> None:
    del ict
    assert admin_client.post("/manage/hours/organisation/days", data=keyed(DAY)).status_code == 303
    for answer in (
        admin_client.get("/manage/hours/organisation/days/new", query_string=DAY),
        admin_client.post("/manage/hours/organisation/days", data=keyed(DAY)),
    ):
        assert (answer.status_code, "staat al in de kalender" in answer.text) == (422, True)
    # A department may have hours of its own on that day.
    assert admin_client.post("/manage/hours/ict/days", data=keyed(DAY | {"hours": "09:00-12:00"})).status_code == 303


def test_the_year_shows_closed_and_half_days(admin_client: FlaskClient, ict: Department) -> None:
    del ict
    admin_client.post("/manage/hours/organisation/days", data=keyed(DAY))
    admin_client.post("/manage/hours/organisation/days", data=keyed(DAY | {"on": "2026-12-24", "hours": "08:00-12:00"}))
    page = admin_client.get("/manage/hours").text
    assert page.count('class="year__day year__day--closed"') == 2  # the day, and the legend
    assert page.count('class="year__day year__day--half"') == 2
    assert "Brandoefening" in page
    assert "Geen gesloten dagen in 2027" in admin_client.get("/manage/hours?year=2027").text
    assert admin_client.get("/manage/hours?year=99999").status_code == 200


def test_a_head_keeps_the_own_department_only(client: FlaskClient, session: Session, ict: Department, open_requests: list[Request]) -> None:
    del open_requests
    head = make_person(session, Role.DEPARTMENT_MANAGER, department=ict)
    session.commit()
    assert client.get("/manage/hours/ict").status_code == 303
    sign_in(client, head)
    page = client.get("/manage/hours").text
    assert "/manage/hours/ict" in page
    assert "/manage/hours/personeel" not in page
    assert client.get("/manage/hours/ict").status_code == 200
    for address in ("/manage/hours/personeel", "/manage/hours/personeel/week", "/manage/hours/organisation/days/new"):
        assert client.get(address).status_code == 403
    for address, fields in (("/manage/hours/personeel/week", WEEK), ("/manage/hours/organisation/days", DAY)):
        assert client.post(address, data=keyed(fields)).status_code == 403


def test_the_pages_cost_the_same_however_long_the_calendar(
    admin_client: FlaskClient, session: Session, ict: Department, statements: list[str]
) -> None:
    def cost(address: str) -> int:
        before = len(statements)
        assert admin_client.get(address).status_code == 200
        return len(statements) - before

    addresses = (
        "/manage/hours",
        "/manage/hours/ict",
        "/manage/hours/ict/week",
        f"/manage/hours/ict/days/new?{'&'.join(f'{k}={v}' for k, v in DAY.items())}",
    )
    first = [cost(address) for address in addresses]
    session.add_all(
        ClosedDay(on=NOW.astimezone(ZONE).date().replace(month=12, day=day), department_id=ict.id, name=make_department(session).name)
        for day in range(1, 20)
    )
    session.flush()
    assert [cost(address) for address in addresses] == first
