"""Service norms in the working minutes of a department."""

from zoneinfo import ZoneInfo

import pytest

from portal.planning.norm import Norm, NormUnit, norm_minutes
from portal.planning.worktime import Calendar, CalendarError, Span

OFFICE = Calendar(ZoneInfo("Europe/Amsterdam"), ((Span(480, 1020),),) * 5 + ((), ()), {})
DESK = Calendar(ZoneInfo("Europe/Amsterdam"), ((Span(450, 720), Span(750, 1110)),) * 5 + ((), ()), {})


def test_a_working_day_is_a_day_of_the_department_and_never_24_hours() -> None:
    two_days = Norm(2, NormUnit.WORKING_DAYS)
    assert norm_minutes(two_days, OFFICE) == 2 * 540
    assert norm_minutes(two_days, DESK) == 2 * 630


def test_a_working_hour_is_sixty_minutes_everywhere() -> None:
    assert norm_minutes(Norm(3, NormUnit("working_hours")), OFFICE) == 180
    assert norm_minutes(Norm(3, NormUnit.WORKING_HOURS), DESK) == 180


@pytest.mark.parametrize("amount", [0, -1])
def test_a_norm_of_nothing_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Norm(amount, NormUnit.WORKING_DAYS)


def test_a_norm_in_days_needs_a_department_that_opens() -> None:
    closed = Calendar(ZoneInfo("Europe/Amsterdam"), ((),) * 7, {})
    with pytest.raises(CalendarError):
        norm_minutes(Norm(1, NormUnit.WORKING_DAYS), closed)
