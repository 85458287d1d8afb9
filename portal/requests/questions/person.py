"""A colleague as an answer: looked for by a part of the name, chosen from whom was found, kept as person and name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from wtforms import Field, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from portal.people.models import Person
from portal.people.rules import MOST_NAME
from portal.requests.questions.checks import tidy
from portal.web.language import local
from portal.web.words import _

LEAST_SEARCH: Final = 2

FindPersons = Callable[[str], Sequence[Person]]


def find_nobody(text: str) -> Sequence[Person]:
    """Find nobody: for forms that ask for no colleague."""
    del text
    return ()


def about_person(person: Person) -> str:
    """Give what tells namesakes apart."""
    parts = (person.function.name if person.function else None, person.department.name if person.department else None)
    return ", ".join(local(part) for part in parts if part)


def choose_among(persons: Sequence[Person], *, typed: str, picked: str) -> Person | None:
    """Give the person that was picked; without one, the only person who can be meant."""
    chosen = next((one for one in persons if str(one.id) == picked), None)
    if chosen is not None or len(persons) == 1:
        return chosen or persons[0]
    exact = [one for one in persons if one.name.casefold() == typed.casefold()]
    return exact[0] if len(exact) == 1 else None


class PersonField(Field):
    """A colleague, whose value is `{id, name}`; `find` gives whom a text can mean, and `picker` shows them to choose from.

    A text that was kept before answers were persons is looked for again.
    """

    widget = TextInput()

    def __init__(self, label: Any, checks: list[Any] | None = None, *, find: FindPersons = find_nobody, **options: Any) -> None:  # noqa: ANN401  as WTForms takes them
        super().__init__(label, checks, **options)
        self.picker = RadioField(_("Who do you mean?"), validate_choice=False, name=f"{self.name}-id", _form=None, _meta=self.meta)
        self.typed, self.persons, self._find = "", dict[str, Person](), find

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:  # noqa: ANN401  as WTForms has it
        """Read what was typed and who was picked; without them, what is kept."""
        del extra_filters
        self.process_errors, self.object_data, self.raw_data, self.data = [], data, None, None
        if formdata and self.name in formdata:
            self.typed = tidy(formdata.getlist(self.name)[0]) or ""
            self._look(picked=formdata.get(self.picker.name, ""))
        elif isinstance(data, Mapping):
            self.typed, self.data = data["name"], dict(data)
            self._offer([(str(data["id"]), data["name"])])
        else:
            self.typed = data if isinstance(data, str) else ""
            self._look(picked="")

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401  as WTForms has it
        """Refuse a name that nobody has, or that can be more than one person.

        :raises StopValidation: no person was chosen.
        """
        del form
        if self.typed and self.data is None:
            nobody = _("We found nobody with this name. Check how it is written.")
            raise StopValidation(_("Choose who you mean.") if self.persons else nobody)

    def words(self) -> dict[str, str]:
        """Give what tells namesakes apart, by the value of the choice."""
        return {key: about_person(person) for key, person in self.persons.items()}

    @property
    def is_unknown(self) -> bool:
        """Tell whether what was typed is nobody's name."""
        return len(self.typed) >= LEAST_SEARCH and not self.picker.choices

    def _look(self, *, picked: str) -> None:
        found = self._find(self.typed) if LEAST_SEARCH <= len(self.typed) <= MOST_NAME else ()
        self.persons = {str(person.id): person for person in found}
        person = choose_among(found, typed=self.typed, picked=picked)
        self.data = {"id": person.id, "name": person.name} if person else None
        self._offer([(str(person.id), person.name) for person in found])

    def _offer(self, choices: Sequence[tuple[str, str]]) -> None:
        self.picker.choices = [SelectChoice(value=value, label=name) for value, name in choices]
        self.picker.data = str(self.data["id"]) if self.data else None

    def _value(self) -> str:
        return self.typed
