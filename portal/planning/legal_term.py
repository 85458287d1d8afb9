"""The legal term: the most calendar days that a decision may take. Never the same thing as the service norm.

General Administrative Law Act (Algemene wet bestuursrecht), art. 4:15: the term stands still from the day on which the
applicant is asked for what is missing until the day on which it is given. Art. 4:14: it can be extended, with a message.
General Extension of Time Limits Act (Algemene termijnenwet), art. 1 and 3: a term that would end on a Saturday, a Sunday or
a general holiday runs until the next day that is none of these; Good Friday counts as one.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from dateutil.easter import easter

_SATURDAY: Final = 5
_SUNDAY: Final = 6
_FROM_EASTER: Final = (-2, 1, 39, 50)  # Good Friday, Easter Monday, Ascension Day, Whit Monday
_FIXED: Final = ((1, 1), (5, 5), (12, 25), (12, 26))


def legal_due_on(*, begins_on: date, days: int, moved_days: int = 0) -> date:
    """Give the last day of a term that begins the day after `begins_on`; `moved_days` were added by pauses and extensions."""
    last = begins_on + timedelta(days=days + moved_days)
    while last.weekday() >= _SATURDAY or last in general_holidays(last.year):
        last += timedelta(days=1)
    return last


@lru_cache(maxsize=50)
def general_holidays(year: int) -> frozenset[date]:
    """List the days of art. 3 of the General Extension of Time Limits Act."""
    sunday = easter(year)
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == _SUNDAY:
        kings_day -= timedelta(days=1)
    moving = (sunday + timedelta(days=days) for days in _FROM_EASTER)
    return frozenset({kings_day, *moving, *(date(year, month, day) for month, day in _FIXED)})
