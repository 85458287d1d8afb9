"""Filters for templates: dates, moments, durations and money as people write them."""

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date
from flask import Flask
from flask_babel import format_decimal

from portal.web.application import this_app
from portal.web.language import current_language
from portal.web.markdown import render_markdown
from portal.web.words import _, ngettext

_HOUR = 60


def install_filters(app: Flask) -> None:
    """Make the filters known to the templates."""
    for one in (day, short_day, month, moment, clock, money, minutes, share, working_days):
        app.jinja_env.filters[one.__name__] = one
    app.jinja_env.filters["markdown"] = render_markdown


def day(value: date | datetime) -> str:
    """Write a day with its weekday: "donderdag 3 december 2026"; a moment is read in the organisation's zone."""
    return _written(_local_day(value), "EEEE d MMMM y", current_language())


def short_day(value: date | datetime) -> str:
    """Write a day shortly: "do 3 dec"."""
    return _written(_local_day(value), "EEE d MMM", current_language())


def month(value: date) -> str:
    """Write a month: "december 2026"."""
    return _written(value, "LLLL y", current_language())


def share(value: float) -> str:
    """Write a share from 0 to 1 as a whole percentage: "82%"."""
    return f"{round(value * 100)}%"


def working_days(value: float) -> str:
    """Write an average of working days with one decimal: "2,5 werkdagen"."""
    return _("%(days)s working days", days=format_decimal(value, "0.0"))


def moment(value: datetime) -> str:
    """Write a moment: "do 3 dec, 16.00 uur"."""
    at, language = _local(value), current_language()
    return f"{_written(at.date(), 'EEE d MMM', language)}, {_clock(at, language)}"


def clock(value: datetime) -> str:
    """Write the time of a moment: "16.00 uur"."""
    return _clock(_local(value), current_language())


def money(cents: int) -> str:
    """Write an amount in euro cents: "€ 12,50"."""
    return f"€\u00a0{format_decimal(cents / 100, '#,##0.00')}"


def minutes(value: int, day_minutes: int = 8 * _HOUR) -> str:
    """Write working minutes as working days, or as hours below one day of `day_minutes`."""
    if value >= day_minutes:
        days = round(value / day_minutes)
        return ngettext("%(num)d working day", "%(num)d working days", days)
    hours = round(value / _HOUR)
    if hours:
        return ngettext("%(num)d working hour", "%(num)d working hours", hours)
    return _("less than an hour")


def _local_day(value: date | datetime) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


def _local(value: datetime) -> datetime:
    return value.astimezone(this_app().settings.tz)


@lru_cache(maxsize=10_000)
def _written(on: date, pattern: str, language: str) -> str:
    """Write a day in a language; a page names the same few days again and again."""
    return format_date(on, pattern, locale=language).replace(".", "")


def _clock(at: datetime, language: str) -> str:
    return f"{at.hour:02}.{at.minute:02} uur" if language == "nl" else f"{at.hour:02}:{at.minute:02}"
