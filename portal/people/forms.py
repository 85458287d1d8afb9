"""Forms of people: signing in, the language, and who stands in for them."""

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import Length

from portal.web.forms import BaseForm, RepeatableForm, Required
from portal.web.moment_fields import DayField


class SignInForm(RepeatableForm):
    """User name and password; `next` is the page to return to."""

    username = StringField(_l("User name"), [Required(_l("Fill in your user name.")), Length(max=60)])
    password = PasswordField(_l("Password"), [Required(_l("Fill in your password.")), Length(max=200)])
    next = HiddenField()


class LanguageForm(RepeatableForm):
    """The language of the pages and the page to return to."""

    language = HiddenField()
    next = HiddenField()


class DeputyForm(BaseForm):
    """Who stands in for somebody, and when."""

    deputy = StringField(
        _l("Who stands in for you?"),
        [Required(_l("Fill in who stands in for you."))],
        description=_l("The e-mail address or user name of a colleague, or the whole name."),
    )
    from_on = DayField(_l("From"), [Required(_l("Choose the first day."))])
    until_on = DayField(_l("Until and with"), [Required(_l("Choose the last day."))])

    def days(self) -> tuple[date, date]:
        """Give the first and the last day of a form that was found right.

        :raises ValueError: one of them was not filled in.
        """
        first, last = self.from_on.data, self.until_on.data
        if first is None or last is None:
            raise ValueError(first, last)
        return first, last


class RemoveForm(BaseForm):
    """Only a button."""
