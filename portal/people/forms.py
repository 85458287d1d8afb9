"""The sign-in form."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import Length

from portal.web.forms import BaseForm, Required


class SignInForm(BaseForm):
    """User name and password; `next` is the page to return to."""

    form_key = None  # a sign-in may be tried again with the same page

    username = StringField(_l("User name"), [Required(_l("Fill in your user name.")), Length(max=60)])
    password = PasswordField(_l("Password"), [Required(_l("Fill in your password.")), Length(max=200)])
    next = HiddenField()


class LanguageForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The language of the pages and the page to return to."""

    language = HiddenField()
    next = HiddenField()
