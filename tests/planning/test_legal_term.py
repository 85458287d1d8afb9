"""The legal term runs in calendar days and never ends on a free day."""

from datetime import date

import holidays
import pytest

from portal.planning.legal_term import general_holidays, legal_due_on


@pytest.mark.parametrize(
    ("begins_on", "days", "moved", "ends"),
    [
        pytest.param(date(2026, 11, 23), 14, 0, date(2026, 12, 7), id="two weeks to a Monday"),
        pytest.param(date(2026, 11, 23), 12, 0, date(2026, 12, 7), id="a Saturday becomes Monday"),
        pytest.param(date(2026, 3, 20), 14, 0, date(2026, 4, 7), id="Good Friday becomes Tuesday after Easter"),
        pytest.param(date(2026, 11, 2), 56, 0, date(2026, 12, 28), id="eight weeks"),
        pytest.param(date(2026, 11, 2), 53, 0, date(2026, 12, 28), id="Christmas on Friday, then the weekend"),
        pytest.param(date(2026, 11, 23), 14, 3, date(2026, 12, 10), id="three days asked of the customer"),
        pytest.param(date(2024, 2, 15), 14, 0, date(2024, 2, 29), id="leap day"),
    ],
)
def test_the_last_day(begins_on: date, days: int, moved: int, ends: date) -> None:
    assert legal_due_on(begins_on=begins_on, days=days, moved_days=moved) == ends


def test_the_general_holidays_are_those_of_the_calendar_that_are_no_sundays() -> None:
    for year in range(2020, 2040):
        public = {day for day in holidays.country_holidays("NL", years=year) if not _is_easter_or_whit_sunday(day, year)}
        assert general_holidays(year) == public | {date(year, 5, 5)}


def _is_easter_or_whit_sunday(day: date, year: int) -> bool:
    return day.weekday() == 6 and day not in {date(year, 1, 1), date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)}
