"""The form with which a customer says how a request went: one of three faces, and why."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Length, Optional

from portal.requests.feedback.actions import MAX_REASON
from portal.requests.feedback.labels import SCORES
from portal.requests.feedback.rules import Score
from portal.web.forms import RepeatableForm, Required


class RatingForm(RepeatableForm):
    """How satisfied somebody is; a face that is pressed sends no reason, and the reason that was given stays."""

    score = RadioField(
        _l("How did it go?"),
        [Required(_l("Choose one of the three faces."))],
        choices=[SelectChoice(value=score.value, label=word) for score, word in SCORES.items()],
    )
    reason = TextAreaField(
        _l("Can you say why?"),
        [Optional(), Length(max=MAX_REASON, message=_l("Use at most 2,000 characters."))],
        description=_l("We read everything, and learn from it. Do not write names or phone numbers."),
    )

    @property
    def chosen(self) -> Score:
        """Give the face that was chosen; only when the form is valid."""
        return Score(self.score.data)

    @property
    def words(self) -> str | None:
        """Give the reason; None when it was not asked."""
        return (self.reason.data or "") if self.reason.raw_data else None
