"""The form of a decision about an approval: yes or no, with a reason."""

from typing import Final

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import AnyOf, Length, ValidationError

from portal.requests.actions.approval import MAX_REASON
from portal.web.forms import BaseForm
from portal.web.words import _, _l

APPROVE: Final = "approve"
REFUSE: Final = "refuse"


class DecisionForm(BaseForm):
    """Yes or no is the button that was chosen; `seen` tells what the request was when it was shown."""

    seen = HiddenField()
    decision = StringField(validators=[AnyOf((APPROVE, REFUSE), message=_l("Choose whether you approve."))])
    reason = TextAreaField(
        _l("Why?"),
        [Length(max=MAX_REASON, message=_l("Use at most 2000 characters."))],
        description=_l("Needed when you do not approve. The requester reads it."),
    )

    def validate_reason(self, field: TextAreaField) -> None:
        """Ask why when it is a no.

        :raises ValidationError: nothing was written.
        """
        if self.decision.data == REFUSE and not (field.data or "").strip():
            raise ValidationError(_("Write why you do not approve. The requester reads it."))

    @property
    def is_approved(self) -> bool:
        """Tell whether it is a yes."""
        return bool(self.decision.data == APPROVE)
