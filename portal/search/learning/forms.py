"""The form of a group of synonyms."""

from collections.abc import Mapping, Sequence

from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from portal.search.labels import FAULTS
from portal.web.forms import BaseForm, Required
from portal.web.words import _l


class SynonymForm(BaseForm):
    """What people type, and the words of the catalogue that they mean; `seen` names what the page showed."""

    means = StringField(
        _l("Words of the catalogue"),
        [Required()],
        description=_l("For example: ict helpdesk. What is found must hold all of these words."),
    )
    typed = TextAreaField(
        _l("What people type"),
        [Required()],
        description=_l("One synonym on each line: a word, or some words together."),
        render_kw={"rows": 12},
    )
    decides = BooleanField(
        _l("This decides what somebody wants"),
        description=_l("It then outweighs the words beside it: who types “laptop broken” wants help and not a laptop."),
    )
    seen = HiddenField()

    def lines(self) -> Sequence[str]:
        """Give what people type, line by line."""
        return (self.typed.data or "").splitlines()

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Show what the action found, beside its field."""
        self.add_errors({name: FAULTS[code] for name, code in faults.items()})
