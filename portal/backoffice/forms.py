"""Forms of a task: every step carries the version of the task that the page showed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget, NumberInput

from portal.core.references import new_token
from portal.core.texts import LocalText
from portal.requests.actions.extension import MOST_DAYS
from portal.requests.workflow import SuspendReason
from portal.web.forms import BaseForm, Required
from portal.web.language import local

LONGEST_TEXT: Final = 2000
_SHORT_ENOUGH: Final = Length(max=LONGEST_TEXT, message=_l("Use at most 2,000 characters."))

FAULTS: Final[Mapping[str, str]] = {
    "required": _l("Fill this in."),
    "too_long": _l("Use at most 2,000 characters."),
    "wrong_length": _l("Choose 1 to 60 working days."),
    "open_points": _l("Some points of the checklist are open. Tick and save them first."),
}


class StepForm(BaseForm):
    """One step with a task; without words. Several stand on one page, so the fields have an id of their own."""

    version = IntegerField(widget=HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as Flask-WTF takes them
        super().__init__(*args, **kwargs)
        scope = type(self).__name__.removesuffix("Form").lower()
        for field in self:
            field.id = field.label.field_id = f"{scope}-{field.name}"

    def show_faults(self, errors: Mapping[str, str]) -> None:
        """Show what only the action could find, beside the field or, for what stands elsewhere, beside the text."""
        for name, code in errors.items():
            self.add_errors({name if name in self else "result": str(FAULTS[code])})

    def renewed(self, *, version: int) -> Self:
        """Make this form ready to be sent again, for the task as it stands now."""
        self.version.data = version
        self.version.raw_data = None
        self.form_key.data = new_token()
        return self


class ReleaseForm(StepForm):
    """Giving a task back; stands on the page beside the next step."""


class SuspendForm(StepForm):
    """Why the clock stops, and the question or the explanation that goes with it."""

    reason = RadioField(
        _l("What are you waiting for?"),
        [Required(_l("Choose what you are waiting for."))],
        choices=[
            SelectChoice(SuspendReason.CUSTOMER.value, _l("The customer has to answer a question")),
            SelectChoice(SuspendReason.SUPPLIER.value, _l("A supplier")),
            SelectChoice(SuspendReason.OTHER.value, _l("Something else")),
        ],
        validate_choice=False,
    )
    note = TextAreaField(
        _l("Question to the customer, or explanation"),
        [Required(_l("Write what you are waiting for.")), _SHORT_ENOUGH],
        description=_l("A question goes to the customer word for word. Colleagues read any other explanation."),
    )

    def validate_reason(self, field: Any) -> None:  # noqa: ANN401  a WTForms field
        """Refuse a reason that does not exist.

        :raises ValidationError: it is none of the reasons.
        """
        if field.data and field.data not in list(SuspendReason):
            raise ValidationError(_l("Choose what you are waiting for."))


class ExtendForm(StepForm):
    """How much more time the department needs, and why."""

    days = IntegerField(
        _l("How many working days more?"),
        [InputRequired(_l("Fill in a number of working days.")), NumberRange(1, MOST_DAYS, _l("Choose 1 to 60 working days."))],
        widget=NumberInput(min=1, max=MOST_DAYS),
    )
    reason = TextAreaField(
        _l("Why do you need more time?"),
        [Required(_l("Write why you need more time.")), _SHORT_ENOUGH],
        description=_l("The customer reads this with the new date."),
    )


class FinishForm(StepForm):
    """What was done."""

    result = TextAreaField(
        _l("What is the result?"),
        [_SHORT_ENOUGH],
        description=_l("For example a room number or a serial number. The customer and the next department read it."),
    )


class RefuseForm(StepForm):
    """Why the department does not do it."""

    reason = TextAreaField(
        _l("Why do you refuse this task?"),
        [Required(_l("Write why you refuse it.")), _SHORT_ENOUGH],
        description=_l("The customer reads this. Say what is possible instead."),
    )


class ChecklistForm(StepForm):
    """Which points of the checklist are done."""

    done = SelectMultipleField(
        _l("Checklist"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )

    def offer(self, points: Sequence[Mapping[str, Any]]) -> None:
        """Offer the points of a task's checklist; those that are done are ticked."""
        self.name_points(points)
        self.done.data = [place for place, point in enumerate(points) if point["is_done"]]

    def name_points(self, points: Sequence[Mapping[str, Any]]) -> None:
        """Offer the points of a task's checklist, and leave ticked what was ticked."""
        self.done.choices = [SelectChoice(place, local(LocalText.from_data(point["label"]))) for place, point in enumerate(points)]
