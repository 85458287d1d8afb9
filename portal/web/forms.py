"""The base form: protected against forgery, carried out once, with messages in plain words."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from gettext import NullTranslations
from typing import Any, Final, TypeVar

from babel.support import Translations
from flask import Flask, current_app, g, redirect, request
from flask_babel import lazy_gettext as _l
from flask_wtf import CSRFProtect, FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField
from wtforms.i18n import messages_path
from wtforms.validators import ValidationError

from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.idempotency import claim_form_key, remember_location
from portal.core.references import new_token
from portal.web.application import SAFE_METHODS
from portal.web.language import current_language

csrf: Final = CSRFProtect()

_REDIRECTS: Final = range(300, 400)
_MAX_KEY: Final = 64

View = TypeVar("View", bound=Callable[..., object])
_repeatable: Final[set[Callable[..., object]]] = set()

REQUIRED: Final = _l("Fill this in.")


_PLAIN: Final = {
    "Not a valid integer value.": _l("Write a whole number, for example 5."),
    "Not a valid choice.": _l("Choose one of the options."),
    "Invalid Choice: could not coerce.": _l("Choose one of the options."),
}


class _PlainWords(NullTranslations):
    """The words of WTForms itself; what does not tell people what to do is told in our own."""

    def gettext(self, message: str) -> str:
        """Translate a sentence of WTForms."""
        return str(_PLAIN[message]) if message in _PLAIN else super().gettext(message)


@cache
def _words_of_library(language: str) -> NullTranslations:
    words = _PlainWords()
    words.add_fallback(Translations.load(messages_path(), [language], domain="wtforms"))
    return words


class RepeatableForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The base of forms that may be sent again, such as a sign-in: `hidden_tag()` carries the forgery token only."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF has no types
        """How forms are made."""

        def get_translations(self, form: FlaskForm) -> NullTranslations:
            """Give the words of WTForms itself, read once per language and not for every page."""
            del form
            return _words_of_library(current_language())

    def error_list(self) -> Sequence[tuple[str, str, str]]:
        """List the errors for the summary: (id of the field, its label, what to do), in the order of the form."""
        return [(field.id, field.label.text, str(message)) for field in self if field.name != "csrf_token" for message in field.errors[:1]]

    def add_errors(self, errors: Mapping[str, Any]) -> None:
        """Show failures that only the action could find beside their fields."""
        for name, message in errors.items():
            field = self[name]
            field.errors = [*field.errors, message]


class BaseForm(RepeatableForm):
    """The base of all forms that change something: `hidden_tag()` carries the forgery token and the form's own key."""

    form_key = HiddenField(default=new_token)


class Required:
    """The field must be filled in; says so in plain words and marks the field as required."""

    field_flags: Final = {"required": True}

    def __init__(self, message: Any = REQUIRED) -> None:  # noqa: ANN401  a lazy text
        """Keep the sentence."""
        self.message = message

    def __call__(self, form: FlaskForm, field: Any) -> None:  # noqa: ANN401  any WTForms field
        """Refuse an empty field.

        :raises ValidationError: nothing was filled in.
        """
        del form
        is_empty = field.data is None or field.data == [] or (isinstance(field.data, str) and not field.data.strip())
        # Unreadable input already has its own message.
        if is_empty and not field.errors:
            raise ValidationError(self.message)


def repeatable(view: View) -> View:
    """Mark a view that takes a `RepeatableForm`: a key that is sent along is ignored."""
    _repeatable.add(view)
    return view


def is_repeatable(view: Callable[..., object]) -> bool:
    """Tell whether a view may be asked to do the same twice, so that its form needs no key."""
    return view in _repeatable


def install_forms(app: Flask) -> None:
    """Protect every form against forgery and carry each one out once."""
    csrf.init_app(app)
    app.before_request(_replay_earlier_answer)
    app.after_request(_remember_answer)


def _replay_earlier_answer() -> Response | None:
    key = _key_of_form()
    if not key:
        return None
    g.form_key = key
    location = claim_form_key(db.session(), key=key, fingerprint=_fingerprint(), at=utc_now())
    return redirect(location or request.path, 303) if location is not None else None


def _remember_answer(response: Response) -> Response:
    key = g.get("form_key")
    if key and response.status_code in _REDIRECTS:
        remember_location(db.session(), key=key, location=response.headers["Location"][:500])
    return response


def _key_of_form() -> str:
    """Give the key of the form that was sent; empty when it may be carried out as often as it is sent."""
    if request.method in SAFE_METHODS or request.endpoint is None or is_repeatable(current_app.view_functions[request.endpoint]):
        return ""
    return request.form.get("form_key", "")[:_MAX_KEY]


def _fingerprint() -> str:
    fields = sorted((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
    fields += sorted((name, file.filename or "") for name, file in request.files.items(multi=True))
    return hashlib.sha256(repr((request.method, request.path, fields)).encode()).hexdigest()
