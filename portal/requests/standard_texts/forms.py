"""Writing a standard text."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from portal.core.errors import InvalidInputError
from portal.core.texts import LocalText
from portal.requests.labels import REQUEST_STATES
from portal.requests.questions.checks import AtMost, IsKnownOption, tidy
from portal.requests.standard_texts.actions import MAX_NAME, MAX_TEXT, UnknownPlaceholderError, Wording
from portal.requests.standard_texts.models import StandardText
from portal.requests.standard_texts.rules import SPELLINGS
from portal.requests.workflow import RequestState
from portal.web.forms import BaseForm, Required
from portal.web.language import local
from portal.web.words import _, _l

_ANY: Final = ""


class TextForm(BaseForm):
    """A standard text in both languages, and when it is offered."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    name_nl = StringField(_l("Name in Dutch"), [Required(), AtMost(MAX_NAME)], filters=[tidy])
    name_en = StringField(_l("Name in English"), [Required(), AtMost(MAX_NAME)], filters=[tidy])
    state = SelectField(_l("In which state of a request?"), [IsKnownOption()], validate_choice=False)
    product = SelectField(_l("For which product?"), [IsKnownOption()], validate_choice=False)
    text_nl = TextAreaField(_l("Text in Dutch"), [Required(), AtMost(MAX_TEXT)], filters=[tidy])
    text_en = TextAreaField(_l("Text in English"), [Required(), AtMost(MAX_TEXT)], filters=[tidy])

    def offer(self, products: Mapping[int, LocalText]) -> None:
        """Offer the states and these products, by key."""
        states = [(state.value, str(words)) for state, words in REQUEST_STATES.items()]
        named = sorted(((str(key), local(name)) for key, name in products.items()), key=lambda one: one[1])
        self.state.choices = _choices([(_ANY, _("in every state")), *states])
        self.product.choices = _choices([(_ANY, _("for all products")), *named])

    def wording(self) -> Wording:
        """Give what was filled in."""
        return Wording(
            name=LocalText(self.name_nl.data or "", self.name_en.data or ""),
            text=LocalText(self.text_nl.data or "", self.text_en.data or ""),
            state=RequestState(self.state.data) if self.state.data else None,
            product_id=int(self.product.data) if self.product.data else None,
        )

    def show_faults(self, invalid: InvalidInputError) -> None:
        """Show what only the action could find."""
        if isinstance(invalid, UnknownPlaceholderError):
            language = invalid.field.removeprefix("text_")
            names, known = _braced(invalid.names), _braced([words.in_language(language) for words in SPELLINGS.values()])
            sentence = _("We cannot fill in %(names)s. Choose from: %(known)s.", names=names, known=known)
            self.add_errors({invalid.field: sentence})


def fields_of_text(text: StandardText) -> dict[str, Any]:
    """Give what the form holds for a text."""
    return {
        "version": text.version,
        "name_nl": text.name.nl,
        "name_en": text.name.en,
        "state": text.state.value if text.state else _ANY,
        "product": str(text.product_id or _ANY),
        "text_nl": text.text.nl,
        "text_en": text.text.en,
    }


def _choices(pairs: Sequence[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, words) for value, words in pairs]


def _braced(names: Sequence[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
