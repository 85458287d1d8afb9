"""Fields for a day and for a time of the day: they read what browsers send and what people write, and say what to mend."""

from typing import Any, Final

from wtforms import DateField, TimeField
from wtforms.validators import ValidationError

from portal.web.words import _

_DATE_FORMATS: Final = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"]
_MOST: Final = 40


class DayField(DateField):
    """A day; what cannot be read as one is shown again as it was typed, which a date box would hide."""

    def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None:  # noqa: ANN401  as WTForms takes them
        """Make the field, for a day in any of the ways in which it is written."""
        super().__init__(label, validators, format=_DATE_FORMATS, **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a day in the way of the browser or as people write it; nothing is no mistake.

        :raises ValidationError: there is no such day.
        """
        self.data = None
        if not _is_filled(valuelist):
            return
        try:
            super().process_formdata([value.strip()[:_MOST] for value in valuelist])
        except ValueError as error:
            raise ValidationError(_("This day does not exist. Write it like 03-12-2026.")) from error

    def __call__(self, **attributes: object) -> Any:  # noqa: ANN401  markup
        """Draw the box for a day."""
        is_unreadable = self.data is None and bool(self._value())
        return super().__call__(**{**({"type": "text"} if is_unreadable else {}), **attributes})

    def _value(self) -> str:
        return self.data.isoformat() if self.data else " ".join(self.raw_data or ())


class ClockField(TimeField):
    """A time of the day."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a time such as 14:30 or 14.30; nothing is no mistake.

        :raises ValidationError: there is no such time.
        """
        self.data = None
        if not _is_filled(valuelist):
            return
        try:
            super().process_formdata([value.strip()[:_MOST].replace(".", ":") for value in valuelist])
        except ValueError as error:
            raise ValidationError(_("This time does not exist. Write it like 14:30.")) from error


def _is_filled(valuelist: list[str]) -> bool:
    return any(value.strip() for value in valuelist)
