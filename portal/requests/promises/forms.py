"""Forms of a promise: making it, ticking it with the outcome, and giving it another moment."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from portal.requests.promises.actions import MAX_WORDS
from portal.requests.promises.labels import CHANNELS, FAULTS
from portal.requests.promises.workflow import Channel
from portal.requests.questions.fields import as_choices
from portal.web.forms import BaseForm, Required
from portal.web.moment_fields import ClockField, DayField
from portal.web.words import _, _l

_SHORT_ENOUGH: Final = Length(max=MAX_WORDS, message=_l("Use at most 300 characters."))


class MomentForm(BaseForm):
    """A form with an exact moment; `is_sure` is asked when the department is closed at that moment."""

    due_on = DayField(_l("On which day?"), [Required(_l("Choose a day."))])
    due_time = ClockField(_l("At what time?"), [Required(_l("Choose a time."))])
    is_sure = BooleanField(_l("Yes, at this moment all the same"))

    def moment(self, zone: ZoneInfo) -> datetime | None:
        """Give the moment that was chosen; None, with a message, when the clock skips it that night."""
        if self.due_on.data is None or self.due_time.data is None:
            return None
        chosen = datetime.combine(self.due_on.data, self.due_time.data, zone)
        if chosen.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != chosen.replace(tzinfo=None):
            self.add_errors({"due_time": _("This time does not exist: the clock goes forward that night. Choose another one.")})
            return None
        return chosen.astimezone(UTC)

    def show_faults(self, errors: Mapping[str, str]) -> None:
        """Show what only the action could find beside its field."""
        for name, code in errors.items():
            self.add_errors({"due_on" if name == "due_at" else name: FAULTS[code]})


class PromiseForm(MomentForm):
    """What we promise, how, when, and who keeps it."""

    channel = RadioField(
        _l("How do we come back to the requester?"),
        [Required(_l("Choose how."))],
        choices=as_choices((one.value, CHANNELS[one]) for one in Channel),
        validate_choice=False,
    )
    what = StringField(
        _l("What for?"),
        [Required(_l("Write what for, in one sentence.")), _SHORT_ENOUGH],
        description=_l("One sentence. The requester reads it. For example: with the outcome of the test."),
    )
    keeper = SelectField(_l("Who does it?"), [Required(_l("Choose who does it."))], validate_choice=False)
    task = IntegerField(validators=[Optional()], widget=HiddenInput())
    follows = IntegerField(validators=[Optional()], widget=HiddenInput())

    def validate_keeper(self, field: SelectField) -> None:
        """Refuse somebody who is not offered.

        :raises ValidationError: it is none of the keepers.
        """
        if field.data and field.data not in {choice[0] for choice in field.iter_choices()}:
            raise ValidationError(_("Choose who does it."))

    def validate_channel(self, field: RadioField) -> None:
        """Refuse a channel that does not exist.

        :raises ValidationError: it is none of the channels.
        """
        if field.data and field.data not in list(Channel):
            raise ValidationError(_("Choose how."))

    def offer(self, keepers: Sequence[tuple[str, str]]) -> None:
        """Offer who may keep it, as (value, words)."""
        self.keeper.choices = as_choices(keepers)


class KeepForm(BaseForm):
    """What came of it."""

    outcome = StringField(
        _l("What came of it?"),
        [Required(_l("Write the outcome in one sentence.")), _SHORT_ENOUGH],
        description=_l("One sentence. The requester reads it."),
    )
    version = IntegerField(widget=HiddenInput())


class MoveForm(MomentForm):
    """Another moment, and why."""

    reason = StringField(
        _l("Why another moment?"),
        [Required(_l("Write why. One sentence is enough.")), _SHORT_ENOUGH],
        description=_l("One sentence. The requester reads it, and gets an e-mail."),
    )
    version = IntegerField(widget=HiddenInput())
