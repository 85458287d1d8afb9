"""The calendars: opening hours per department, closed and half days, and what a change of them does before it is saved."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.hours import actions
from portal.hours.change import Change, NewDay, NewWeek, RemovedDay
from portal.hours.forms import CalendarForm, DayForm, WeekForm, fields_of_week
from portal.hours.labels import effect_sentence, week_lines
from portal.hours.pages import ChangeLine, change_lines, day_lines, is_busy, months_of
from portal.hours.policy import changeable_departments, may_change_hours
from portal.hours.projection import effect_of
from portal.hours.queries import find_department, get_department, list_runs
from portal.hours.rules import name_weeks
from portal.people.models import Department
from portal.people.queries import list_departments, names_of
from portal.people.session import current_actor, current_person
from portal.planning.queries import get_closed_day, list_closed_days, list_weeks, load_calendars
from portal.web.answers import Answer, page
from portal.web.application import this_app
from portal.web.forms import BaseForm
from portal.web.htmx import wants_fragment
from portal.web.words import _

blueprint: Final = Blueprint("hours", __name__, url_prefix="/manage/hours")

ORGANISATION: Final = "organisation"
_YEARS: Final = range(2000, 2100)

WeekLines = Sequence[tuple[str, str]]


@blueprint.get("")
def overview() -> Answer:
    """Show the hours of the departments, the closed days of all, and the latest changes."""
    if wants_fragment("changes"):
        return page("hours/_changes.html", **_changes(None))
    person, today = current_person(), _today()
    departments = changeable_departments(person, list_departments(db.session()))
    calendars = load_calendars(db.session(), this_app().settings.tz)
    return page(
        "hours/overview.html",
        departments=[(one, week_lines(calendars[one.id].week_on(today))) for one in departments],
        may_change=may_change_hours(person, None),
        **_year_of(None),
        **_changes(None),
    )


@blueprint.get("/<code>")
def department(code: str) -> Answer:
    """Show the hours of one department, now and later, its year and the latest changes."""
    one, today = _managed(code), _today()
    weeks = list_weeks(db.session(), one.id)
    if wants_fragment("changes"):
        return page("hours/_changes.html", **_changes(one))
    now = max((since for since in weeks if since <= today), default=None)
    return page(
        "hours/department.html",
        department=one,
        week=week_lines(weeks[now]) if now else [],
        later=[(since, week_lines(week)) for since, week in weeks.items() if since > today],
        may_change=True,
        **_year_of(one),
        **_changes(one),
    )


@blueprint.get("/<code>/week")
def week(code: str) -> Answer:
    """Ask for other opening hours; once they are filled in, show what they do."""
    one, today = _managed(code), _today()
    if "valid_from" in request.args:
        return _week_page(one, WeekForm(request.args))
    held = load_calendars(db.session(), this_app().settings.tz)[one.id].week_on(today)
    seen = name_weeks(list_weeks(db.session(), one.id))
    return _week_form(one, WeekForm(data={**fields_of_week(held, valid_from=today), "seen": seen}))


@blueprint.post("/<code>/week")
def save_week(code: str) -> Answer:
    """Give a department other opening hours from a day on."""
    one, form = _managed(code), WeekForm()
    if not form.validate():
        return _week_page(one, form)
    try:
        actions.change_hours(department=one, week=form.week, valid_from=form.since, seen=form.seen.data, **_known())
    except ConflictError:
        return _overtaken(one, form)
    except InvalidInputError as invalid:
        return _refused("hours/week.html", one, form, invalid)
    flash(_("The opening hours are saved. The open requests are planned again."))
    return _back_to(one)


@blueprint.get("/<code>/days/new")
def day(code: str) -> Answer:
    """Ask for a closed or half day; once it is filled in, show what it does."""
    one = _of_code(code)
    if "on" in request.args:
        return _day_page(one, DayForm(request.args))
    return page("hours/day.html", department=one, form=DayForm(formdata=None), effect=None)


@blueprint.post("/<code>/days")
def save_day(code: str) -> Answer:
    """Put a closed or half day in a calendar."""
    one, form = _of_code(code), DayForm()
    if not form.validate():
        return _day_page(one, form)
    try:
        actions.add_closed_day(department=one, on=form.day, name=form.name, hours=form.span, **_known())
    except InvalidInputError as invalid:
        return _refused("hours/day.html", one, form, invalid)
    flash(_("The day is saved. The open requests are planned again."))
    return _back_to(one)


@blueprint.get("/days/<int:day_id>/removal")
def removal(day_id: int) -> Answer:
    """Show what it does when a closed day becomes an ordinary one."""
    found = get_closed_day(db.session(), day_id)
    one = find_department(db.session(), found.department_id)
    _check_may(one)
    return page(
        "hours/removal.html", day=found, department=one, effect=_effect(RemovedDay(found)), is_over=found.on < _today(), form=BaseForm()
    )


@blueprint.post("/days/<int:day_id>/removal")
def remove_day(day_id: int) -> Answer:
    """Let a closed day be an ordinary one again."""
    found = get_closed_day(db.session(), day_id)
    one = find_department(db.session(), found.department_id)
    _check_may(one)
    actions.remove_day(day=found, department=one, **_known())
    flash(_("It is an ordinary day again. The open requests are planned again."))
    return _back_to(one)


def _week_page(one: Department, form: WeekForm) -> Answer:
    """Show the form of a week, with what it does when it can be saved."""
    if not form.validate():
        return _week_form(one, form, 422)
    try:
        actions.check_week(week=form.week, valid_from=form.since, today=_today())
    except InvalidInputError as invalid:
        return _refused("hours/week.html", one, form, invalid)
    if form.seen.data and form.seen.data != name_weeks(list_weeks(db.session(), one.id)):
        return _overtaken(one, form)
    change = NewWeek(department_id=one.id, valid_from=form.since, week=form.week)
    return _week_form(one, form, effect=_effect(change))


def _overtaken(one: Department, form: WeekForm) -> Answer:
    """Show the form of a week again, with the hours that somebody else gave meanwhile."""
    weeks, today = list_weeks(db.session(), one.id), _today()
    now = max((since for since in weeks if since <= today), default=today)
    held = [(since if since > today else None, week_lines(week)) for since, week in weeks.items() if since >= now]
    form.seen.data = name_weeks(weeks)
    return _week_form(one, form, 409, held=held)


def _week_form(
    one: Department,
    form: WeekForm,
    status: int = 200,
    *,
    effect: str | None = None,
    held: Sequence[tuple[date | None, WeekLines]] = (),
) -> Answer:
    return page("hours/week.html", status, department=one, form=form, effect=effect, held=held)


def _day_page(one: Department | None, form: DayForm) -> Answer:
    """Show the form of a day, with what it does when it can be saved."""
    if not form.validate():
        return page("hours/day.html", 422, department=one, form=form, effect=None)
    try:
        actions.check_day(session=db.session(), department=one, on=form.day, today=_today())
    except InvalidInputError as invalid:
        return _refused("hours/day.html", one, form, invalid)
    change = NewDay(department_id=one.id if one else None, on=form.day, name=form.name, hours=form.span)
    return page("hours/day.html", department=one, form=form, effect=_effect(change))


def _refused(template: str, one: Department | None, form: CalendarForm, invalid: InvalidInputError) -> Answer:
    form.show_faults(invalid.errors)
    return page(template, 422, department=one, form=form, effect=None, held=())


def _effect(change: Change) -> str:
    return effect_sentence(effect_of(db.session(), change, at=utc_now(), zone=this_app().settings.tz))


def _year_of(one: Department | None) -> dict[str, object]:
    """Give the year that is asked for, with its closed days."""
    today, typed = _today(), request.args.get("year", type=int)
    year = typed if typed is not None and typed in _YEARS else today.year
    department_id = one.id if one else None
    found = list_closed_days(db.session(), first=date(year, 1, 1), last=date(year, 12, 31), department_ids=[one.id] if one else [])
    middle = date(year, 7, 1) if year != today.year else today
    held = load_calendars(db.session(), this_app().settings.tz)[one.id].week_on(middle) if one else None
    may_change = may_change_hours(current_person(), department_id)
    return {
        "year": year,
        "months": months_of(year, days=found, week=held, today=today),
        "days": day_lines(found, today=today, department_id=department_id, may_change=may_change),
        "code": one.code if one else ORGANISATION,
    }


def _changes(one: Department | None) -> dict[str, object]:
    """Give the latest changes and whether the plans are still being made again."""
    runs = list_runs(db.session(), department_id=one.id if one else None)
    names = names_of(db.session(), {run.entry.actor_id for run in runs if run.entry.actor_id})
    lines: list[ChangeLine] = change_lines(runs, names=names)
    return {"changes": lines, "busy": is_busy(lines), "changes_url": _address_of(one)}


def _managed(code: str) -> Department:
    one = get_department(db.session(), code)
    _check_may(one)
    return one


def _of_code(code: str) -> Department | None:
    one = None if code == ORGANISATION else get_department(db.session(), code)
    _check_may(one)
    return one


def _check_may(one: Department | None) -> None:
    """Let only those on who may change the calendar of the department, or (None) of the whole organisation."""
    if not may_change_hours(current_person(), one.id if one else None):
        raise ForbiddenError


def _known() -> dict[str, Any]:
    """Give what every change needs to know."""
    zone = this_app().settings.tz
    return {"session": db.session(), "person": current_person(), "by": current_actor(), "at": utc_now(), "zone": zone}


def _today() -> date:
    return utc_now().astimezone(this_app().settings.tz).date()


def _address_of(one: Department | None) -> str:
    return url_for("hours.department", code=one.code) if one else url_for("hours.overview")


def _back_to(one: Department | None) -> Response:
    return redirect(_address_of(one), 303)
