"""Dutch days on which a government office is closed, as data to seed the calendars with."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

import holidays

_LANGUAGES: Final = {"nl": "nl", "en": "en_US"}
_LIBERATION_DAY: Final = {"nl": "Bevrijdingsdag", "en": "Liberation Day"}
_GOOD_FRIDAY: Final = "Goede vrijdag"


def dutch_closed_days(years: Iterable[int], *, language: str = "nl") -> Mapping[date, str]:
    """Name the closed days of a Dutch government organisation in these years, by date; `language` is `nl` or `en`.

    The public holidays, with two differences that the collective agreement of the central government (CAO Rijk) makes:
    Good Friday is an ordinary working day, and Liberation Day is a day off every year, not only in lustrum years
    (government decision of 12 March 1982; municipalities follow it since 2024, CAO Gemeenten art. 6.6). An
    organisation with other agreements changes the data, not this function.

    :raises KeyError: for another language.
    """
    in_language = holidays.country_holidays("NL", years=(wanted := sorted(set(years))), language=_LANGUAGES[language])
    in_dutch = holidays.country_holidays("NL", years=wanted, language="nl")
    closed = {day: name for day, name in in_language.items() if in_dutch[day] != _GOOD_FRIDAY}
    for year in wanted:
        closed.setdefault(date(year, 5, 5), _LIBERATION_DAY[language])
    return dict(sorted(closed.items()))
