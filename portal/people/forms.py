"""The sign-in form."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import Length

from portal.web.forms import RepeatableForm, Required


class SignInForm(RepeatableForm):
    """User name and password; `next` is the page to return to."""

    username = StringField(_l("User name"), [Required(_l("Fill in your user name.")), Length(max=60)])
    password = PasswordField(_l("Password"), [Required(_l("Fill in your password.")), Length(max=200)])
    next = HiddenField()


class LanguageForm(RepeatableForm):
    """The language of the pages and the page to return to."""

    language = HiddenField()
    next = HiddenField()
