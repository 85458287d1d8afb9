"""The form that asks for a simulation: of which period."""

from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from wtforms.validators import ValidationError

from portal.simulating.stage import Period
from portal.web.forms import BaseForm, Required
from portal.web.moment_fields import DayField
from portal.web.words import _, _l

LAST_YEAR: Final = timedelta(days=364)
_YEARS: Final = range(2000, 2100)


def _in_reach(_form: object, field: Any) -> None:  # noqa: ANN401  WTForms has no types
    """Refuse a day that no request can be of.

    :raises ValidationError: it is.
    """
    if field.data and field.data.year not in _YEARS:
        raise ValidationError(_("Choose a day between 2000 and 2099."))


class PeriodForm(BaseForm):
    """From which day until which day the requests are replayed."""

    since = DayField(_l("From"), [Required(_l("Choose a day.")), _in_reach])
    until = DayField(_l("Until and including"), [Required(_l("Choose a day.")), _in_reach])

    def validate_until(self, field: Any) -> None:  # noqa: ANN401  WTForms has no types
        """Refuse a period that ends before it begins.

        :raises ValidationError: it does.
        """
        if self.since.data and field.data and field.data < self.since.data:
            raise ValidationError(_("Choose a day on or after the first one."))

    def period(self, zone: ZoneInfo) -> Period:
        """Give the period that was chosen."""
        since, until = self.since.data, self.until.data
        if since is None or until is None:
            message = "the form was not validated"
            raise ValueError(message)
        return Period(since, until, zone)


def last_year(today: date) -> PeriodForm:
    """Give the form filled in with the last 365 days."""
    form = PeriodForm(formdata=None)
    form.since.data, form.until.data = today - LAST_YEAR, today
    return form
