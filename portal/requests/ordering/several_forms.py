"""The forms for more people on one order: whom to add, and for each of them the questions that differ."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import HiddenField, TextAreaField

from portal.catalog.definition import Question
from portal.core.references import new_token
from portal.people.models import Person
from portal.people.rules import MOST_NAME
from portal.requests.ordering.forms import FindForm
from portal.requests.ordering.several.rules import MOST_PERSONS, first_double, names_in
from portal.requests.questions.checks import tidy
from portal.requests.questions.fields import FieldContext
from portal.requests.questions.form import QuestionForm, build_question_form
from portal.requests.questions.person import about_person
from portal.web.words import _, _l


class OthersForm(FindForm):
    """Whom to add; `version` is that of the draft, `forms` those with the questions per person, by the id of the person."""

    version = HiddenField()
    names = TextAreaField(
        _l("Names of people who do not work here yet"),
        filters=[tidy],
        description=_l("One name on each line. You can paste a list. Who works here already is recognised, also by e-mail address."),
    )
    forms: Mapping[int, QuestionForm] = {}
    titles: Mapping[int, str] = {}
    meant: Mapping[str, Sequence[Person]] = {}

    def written(self) -> list[str]:
        """List the names that were written, one on each line."""
        return names_in(self.names.data or "")

    def people(self) -> list[Person | str]:
        """List who is to be added; a name that one colleague has is that colleague."""
        colleague = self.person("colleague") if self.colleague.data else None
        named: list[Person | str] = [found[0] if (found := self.meant.get(name)) else name for name in self.written()]
        return [*named, *([colleague] if colleague else [])]

    def recognised(self) -> Sequence[Person]:
        """List the colleagues whose names were written as those of people who do not work here yet."""
        return [found[0] for name in self.written() if (found := self.meant.get(name))]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401  as WTForms has it
        """Check whom to add: a typed colleague must be found, and a name be of one person."""
        is_valid = bool(super().validate(extra_validators))
        unclear = [_which(name, self.meant[name]) for name in self.written() if len(self.meant.get(name, ())) > 1]
        self.add_errors({"names": " ".join(unclear)} if unclear else {})
        return is_valid and not unclear and (not self.colleague.data or self.check_person("colleague"))

    def show_refusal(self, errors: Mapping[str, str], *, there: Iterable[str]) -> None:
        """Say beside the field why nobody was added; `there` are the names on the order of who is not in the portal."""
        for name, fault in errors.items():
            code, _colon, colleague = fault.partition(": ")
            field = "names" if name == "colleague" and not self.colleague.data else name
            self.add_errors({field: self._sentence(field, code, there, colleague)})

    def names_nobody(self) -> bool:
        """Tell, also beside the field, that nobody is named who could be added."""
        if self.people():
            return False
        self.add_errors({"names": _("Fill in at least one name, or look for a colleague.")})
        return True

    def clear_added(self) -> None:
        """Empty the fields of who was added."""
        self.names.data, self.colleague.data, self.colleague_id.data = "", "", None
        self.offer("colleague", ())

    def error_list(self) -> Sequence[tuple[str, str, str]]:
        """List the errors of the people in their order, and then those of who is added."""
        per_person = [
            (field_id, f"{self.titles[key]}, {label}", message)
            for key, form in self.forms.items()
            for field_id, label, message in form.error_list()
        ]
        return [*per_person, *super().error_list()]

    def prepare_page(self, *, version: int) -> None:
        """Fill in what the page must send back."""
        self.version.data = str(version)
        self.form_key.data = new_token()
        for form in self.forms.values():
            form.prepare_page(version=version)

    def _sentence(self, field: str, code: str, there: Iterable[str], colleague: str) -> str:
        match code:
            case "too_many":
                return _(
                    "You can ask for at most %(most)d people at once. Send this first, and ask for the others after that.",
                    most=MOST_PERSONS,
                )
            case "too_long":
                return _("A name can have at most %(most)d characters. Put each name on a line of its own.", most=MOST_NAME)
            case _ if field == "colleague":
                return _("This colleague is on this request already.")
            case _ if colleague:
                return _("%(name)s is on this request already.", name=colleague)
        name = first_double(names_in(self.names.data or ""), there=there) or ""
        return _("%(name)s is on this request already. Do two people have this name? Then add an initial.", name=name)


def _which(name: str, found: Sequence[Person]) -> str:
    """Ask which of several colleagues is meant by a name."""
    people = "; ".join(", ".join(part for part in (one.name, about_person(one), one.email) if part) for one in found)
    return _(
        "Who is “%(name)s”? Several colleagues fit: %(people)s. Write the e-mail address instead. Is it somebody new? Then add an initial.",
        name=name,
        people=people,
    )


def build_other_form(
    key: int,
    questions: Sequence[Question],
    *,
    context: FieldContext,
    answers: Mapping[str, Any],
    posted: Any = None,  # noqa: ANN401  werkzeug's form data
    shown: Iterable[str] | None = None,
) -> QuestionForm:
    """Build the form with the questions of one more person (an id); arguments as for `build_question_form`."""
    codes = None if shown is None else frozenset(shown)
    return build_question_form(questions, context=context, answers=answers, posted=posted, shown=codes, prefix=f"person-{key}-")
