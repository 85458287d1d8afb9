"""Forms of a task: every step carries the version of the task that the page showed."""

from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from portal.requests.workflow import SuspendReason
from portal.web.forms import BaseForm, Required

LONGEST_TEXT: Final = 2000
_SHORT_ENOUGH: Final = Length(max=LONGEST_TEXT, message=_l("Use at most 2,000 characters."))


class StepForm(BaseForm):
    """One step with a task; without words."""

    version = IntegerField(widget=HiddenInput())


class SuspendForm(StepForm):
    """Why the clock stops, and the question or the explanation that goes with it."""

    reason = RadioField(
        _l("What are you waiting for?"),
        [Required(_l("Choose what you are waiting for."))],
        choices=[
            (SuspendReason.CUSTOMER.value, _l("The customer has to answer a question")),
            (SuspendReason.SUPPLIER.value, _l("A supplier")),
            (SuspendReason.OTHER.value, _l("Something else")),
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

        :raises ValueError: it is none of the reasons.
        """
        if field.data and field.data not in list(SuspendReason):
            raise ValueError(_l("Choose what you are waiting for."))


class FinishForm(StepForm):
    """What was done."""

    result = TextAreaField(
        _l("What is the result?"),
        [_SHORT_ENOUGH],
        description=_l("For example a room number or a serial number. The customer and the next department read it."),
    )


class RefuseForm(StepForm):
    """Why the department does not do it."""

    text = TextAreaField(
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
