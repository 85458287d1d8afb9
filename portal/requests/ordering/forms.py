"""The forms around an order: for whom it is, one question of the choice tree, the optional lines, and submitting."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, cast

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField

from portal.catalog.definition import TreeQuestion
from portal.people.models import Person
from portal.people.rules import MOST_NAME
from portal.requests.ordering.actions.drafts import People
from portal.requests.ordering.models import OrderDraft
from portal.requests.questions.checks import AtMost, tidy
from portal.requests.questions.fields import as_choices
from portal.requests.questions.person import about_person, choose_among
from portal.web.forms import BaseForm, RepeatableForm, Required
from portal.web.language import local
from portal.web.words import _, _l


class ForWhom(StrEnum):
    """For whom an order is."""

    SELF = "self"
    COLLEAGUE = "colleague"
    NEWCOMER = "newcomer"


class _PersonChoices:
    """Persons to choose from, found by what was typed."""

    def __init__(self) -> None:
        self.persons: Mapping[str, Person] = {}

    def words(self) -> dict[str, str]:
        """Give what tells namesakes apart, by the value of the choice."""
        return {key: about_person(person) for key, person in self.persons.items()}


class FindForm(BaseForm):
    """A form in which colleagues are found by name. A pressed `search` only looks for names."""

    colleague = StringField(_l("Name of your colleague"), [AtMost(MOST_NAME)], filters=[tidy])
    colleague_id = RadioField(_l("Who do you mean?"), choices=[], validate_choice=False)

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  as WTForms has it
        super().__init__(*args, **options)
        self.found = {name: _PersonChoices() for name in self.searches()}

    def searches(self) -> Sequence[str]:
        """List the fields in which a name is looked for."""
        return ("colleague",)

    def offer(self, name: str, persons: Sequence[Person]) -> None:
        """Offer the persons that were found for what was typed in a field; one only is chosen at once."""
        self.found[name].persons = {str(person.id): person for person in persons}
        field = self[f"{name}_id"]
        field.choices = as_choices((str(person.id), person.name) for person in persons)
        chosen = choose_among(persons, typed=self[name].data or "", picked=field.data or "")
        field.data = str(chosen.id) if chosen else None

    def person(self, name: str) -> Person | None:
        """Give the person that was chosen for a field."""
        return self.found[name].persons.get(self[f"{name}_id"].data or "")

    def check_person(self, name: str) -> bool:
        """Tell whether a person was chosen for a field; if not, the form says what to do."""
        if self.person(name) or self[name].errors:
            return not self[name].errors
        if not self[name].data:
            self.add_errors({name: _("Fill in a name and press Search.")})
        elif self.found[name].persons:
            self.add_errors({f"{name}_id": _("Choose who you mean.")})
        else:
            self.add_errors({name: _("We found nobody with this name. Check how it is written.")})
        return False


class PeopleForm(FindForm):
    """For whom it is; `draft` is the token of the order that is changed."""

    draft = HiddenField()
    for_whom = RadioField(
        _l("Who is it for?"),
        [Required(_l("Choose who it is for."))],
        choices=[],
        validate_choice=False,
    )
    newcomer = StringField(_l("First and last name"), [AtMost(MOST_NAME)], filters=[tidy])

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  as WTForms has it
        super().__init__(*args, **options)
        self.for_whom.choices = as_choices(self._kinds())

    def people(self, person: Person) -> People:
        """Give for whom it is; `person` fills in the form and asks, unless another person was chosen."""
        requester = (self.person("requester") if "requester" in self.found else None) or person
        match self.for_whom.data:
            case ForWhom.SELF:
                return People(requester=requester, beneficiary=requester, beneficiary_name="")
            case ForWhom.COLLEAGUE:
                return People(requester=requester, beneficiary=self.person("colleague"), beneficiary_name="")
            case _:
                return People(requester=requester, beneficiary=None, beneficiary_name=self.newcomer.data or "")

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401  as WTForms has it
        """Check the fields, and that each person that is needed was chosen."""
        is_valid = bool(super().validate(extra_validators))
        return all([is_valid, *self._check_persons()])

    def _check_persons(self) -> Iterator[bool]:
        match self.for_whom.data:
            case ForWhom.COLLEAGUE:
                yield self.check_person("colleague")
            case ForWhom.NEWCOMER if not self.newcomer.data:
                self.add_errors({"newcomer": _("Fill in the name of the person it is for.")})
                yield False

    def _kinds(self) -> Sequence[tuple[str, str]]:
        return (
            (ForWhom.SELF, _("Myself")),
            (ForWhom.COLLEAGUE, _("A colleague")),
            (ForWhom.NEWCOMER, _("Somebody who does not work here yet")),
        )


class DeskPeopleForm(PeopleForm):
    """For the service desk, which also fills in who asks."""

    requester = StringField(_l("Who asks?"), [AtMost(MOST_NAME)], filters=[tidy])
    requester_id = RadioField(_l("Who do you mean?"), choices=[], validate_choice=False)

    def searches(self) -> Sequence[str]:
        """List the fields in which a name is looked for."""
        return ("requester", "colleague")

    def _check_persons(self) -> Iterator[bool]:
        if self.requester.data:
            yield self.check_person("requester")
        yield from super()._check_persons()

    def _kinds(self) -> Sequence[tuple[str, str]]:
        return ((ForWhom.SELF, _("The person who asks")), *super()._kinds()[1:])


def people_data(draft: OrderDraft) -> dict[str, str]:
    """Give what the form for the people holds for this order."""
    data = {"requester": draft.requester.name, "requester_id": str(draft.requester_id)}
    if draft.beneficiary is None:
        return {**data, "for_whom": ForWhom.NEWCOMER, "newcomer": draft.beneficiary_name}
    if draft.beneficiary_id == draft.requester_id:
        return {**data, "for_whom": ForWhom.SELF}
    return {**data, "for_whom": ForWhom.COLLEAGUE, "colleague": draft.beneficiary.name, "colleague_id": str(draft.beneficiary_id)}


class ChoiceForm(RepeatableForm):
    """One question of a choice tree."""

    question = HiddenField()
    answer = RadioField(choices=[], validate_choice=False)

    def ask(self, question: TreeQuestion) -> "ChoiceForm":
        """Show this question."""
        self.question.data = question.code
        self.answer.label.text = local(question.label)
        self.answer.description = local(question.help) if question.help else ""
        self.answer.choices = as_choices((option.code, local(option.label)) for option in question.options)
        return self

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401  as WTForms has it
        """Check that one of the answers was chosen."""
        is_valid = bool(super().validate(extra_validators))
        if self.answer.data in [choice.value for choice in cast("list[Any]", self.answer.choices)]:
            return is_valid
        self.add_errors({"answer": _("Choose the answer that fits best.")})
        return False


class LinesForm(RepeatableForm):
    """The optional lines that are switched on, by the codes of their blocks."""

    line = SelectMultipleField(choices=[], validate_choice=False)


class DayForm(RepeatableForm):
    """Another wished day, which the button carries: a hidden field of the same name would come first."""

    day = StringField()

    def read(self) -> date | None:
        """Give the day; None when it is none."""
        try:
            return date.fromisoformat(self.day.data or "")
        except ValueError:
            return None


class CostCentreForm(RepeatableForm):
    """The cost centre that pays, by its id."""

    cost_centre = SelectField(_l("Another cost centre"), choices=[], validate_choice=False)

    def centre_id(self) -> int | None:
        """Give the id that was chosen."""
        chosen = self.cost_centre.data or ""
        return int(chosen) if chosen.isascii() and chosen.isdigit() else None


class SubmitForm(BaseForm):
    """Submitting what the page showed; `version` is that of the draft."""

    version = HiddenField()


class DeleteForm(RepeatableForm):
    """Throwing an order away."""
