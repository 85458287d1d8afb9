"""Forms for the life of a version: each carries the edition that the page showed."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from wtforms import IntegerField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from portal.web.forms import BaseForm, Required
from portal.web.moment_fields import DayField
from portal.web.words import _l

MOST_REASON: Final = 1000
PUBLISH_TIME: Final = time(6, 0)


def choices_of(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Make the choices of a field from values and words."""
    return [SelectChoice(value, words) for value, words in pairs]


class EditionForm(BaseForm):
    """One step with a version, or a change of a draft; without words of its own."""

    edition = IntegerField(widget=HiddenInput(), validators=[Optional()])


class ReturnForm(EditionForm):
    """Why a version goes back."""

    reason = TextAreaField(
        _l("What has to change?"),
        [Required(_l("Write what has to change.")), Length(max=MOST_REASON, message=_l("Use at most 1,000 characters."))],
        description=_l("Whoever made it reads this with the draft."),
    )


class PublishForm(EditionForm):
    """When an approved version comes out."""

    publish_on = DayField(
        _l("On which day?"),
        [Optional()],
        description=_l("Leave this empty to publish at once. On a day it comes out at 6 in the morning."),
    )

    def moment(self, zone: ZoneInfo) -> datetime | None:
        """Give the moment at which it comes out; None for at once."""
        on: date | None = self.publish_on.data
        return datetime.combine(on, PUBLISH_TIME, tzinfo=zone) if on else None
