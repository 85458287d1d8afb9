"""Forms for opening hours and closed days. Each is sent twice: to see what it does, and to save."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from wtforms import HiddenField, StringField
from wtforms.validators import Length

from portal.core.references import new_token
from portal.core.texts import LocalText
from portal.hours.labels import FAULTS, HOURS_FAULTS, weekday_names
from portal.hours.rules import HoursError, parse_spans, write_spans
from portal.planning.worktime import Span, Week
from portal.web.forms import RepeatableForm, Required
from portal.web.moment_fields import DayField
from portal.web.words import _, _l

_LINE: Final = Length(max=120, message=_l("Use at most 120 characters."))
_FIELD_OF: Final = {"week": "monday"}
_A_DAY: Final = Required(_l("Choose a day."))


class CalendarForm(RepeatableForm):
    """A change of a calendar; looking at what it does is a GET."""

    class Meta:
        """The portal itself checks the token of what is saved; to look needs none."""

        csrf = False

    def new_key(self) -> str:
        """Make the key with which what is shown is saved once."""
        return new_token()

    def show_faults(self, errors: Mapping[str, str]) -> None:
        """Show what only the calendar could tell."""
        self.add_errors({_FIELD_OF.get(name, name): str(FAULTS[code]) for name, code in errors.items()})


def _hours_field() -> StringField:
    return StringField("", [_LINE])


class WeekForm(CalendarForm):
    """The opening hours of a department per weekday, from a day on; `seen` tells which hours held when they were shown."""

    seen = HiddenField()
    valid_from = DayField(_l("From which day?"), [_A_DAY], description=_l("What holds before that day stays as it is."))
    monday = _hours_field()
    tuesday = _hours_field()
    wednesday = _hours_field()
    thursday = _hours_field()
    friday = _hours_field()
    saturday = _hours_field()
    sunday = _hours_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Flask-WTF takes them
        super().__init__(*args, **kwargs)
        for field, name in zip(self.days, weekday_names(), strict=True):
            field.label.text = f"{name[:1].upper()}{name[1:]}"

    @property
    def since(self) -> date:
        """Give the day from which it holds, once the form is right."""
        assert self.valid_from.data is not None
        return self.valid_from.data

    @property
    def days(self) -> list[StringField]:
        """Give the fields of the days, Monday first."""
        return [self[name] for name in _DAYS]

    @property
    def week(self) -> Week:
        """Give the hours that were typed.

        :raises HoursError: they cannot be read.
        """
        return tuple(parse_spans(field.data or "") for field in self.days)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401  as WTForms types it
        """Check the form; hours that cannot be are told at their day."""
        is_right = bool(super().validate(extra_validators))
        for field in self.days:
            try:
                parse_spans(field.data or "")
            except HoursError as error:
                field.errors = [str(HOURS_FAULTS[error.fault])]
                is_right = False
        return is_right


class DayForm(CalendarForm):
    """A closed day, or a half day with its hours."""

    on = DayField(_l("Which day?"), [_A_DAY])
    name_nl = StringField(_l("Name in Dutch"), [Required(_l("Write what day it is, for example Koningsdag.")), _LINE])
    name_en = StringField(_l("Name in English"), [Required(_l("Write the English name, for example King's Day.")), _LINE])
    hours = StringField(
        _l("Open only between"),
        [_LINE],
        description=_l("For a half day, for example 08:30-12:00. Leave it empty when it is closed all day."),
    )

    @property
    def day(self) -> date:
        """Give the day, once the form is right."""
        assert self.on.data is not None
        return self.on.data

    @property
    def name(self) -> LocalText:
        """Give the name in both languages."""
        return LocalText(nl=(self.name_nl.data or "").strip(), en=(self.name_en.data or "").strip())

    @property
    def span(self) -> Span | None:
        """Give the hours of a half day.

        :raises HoursError: they cannot be read.
        """
        spans = parse_spans(self.hours.data or "")
        return spans[0] if spans else None

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401  as WTForms types it
        """Check the form; a half day has one stretch of hours."""
        is_right = bool(super().validate(extra_validators))
        try:
            if len(parse_spans(self.hours.data or "")) > 1:
                self.hours.errors = [_("A half day has one stretch of hours.")]
                return False
        except HoursError as error:
            self.hours.errors = [str(HOURS_FAULTS[error.fault])]
            return False
        return is_right


_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def fields_of_week(week: Week, *, valid_from: date) -> dict[str, object]:
    """Give what stands in the fields for a week."""
    return {"valid_from": valid_from, **{name: write_spans(spans) for name, spans in zip(_DAYS, week, strict=True)}}
