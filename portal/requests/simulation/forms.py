"""The form of the simulator. It only asks: everything stands in the address, so a route can be kept and sent to somebody."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict
from wtforms import DateTimeLocalField, Field, RadioField
from wtforms.validators import ValidationError

from portal.catalog.choices import find_next, walk
from portal.catalog.definition import ChoiceTree, TreeQuestion
from portal.requests.questions.fields import as_choices
from portal.web.forms import RepeatableForm
from portal.web.language import local
from portal.web.words import _, _l

TREE_PREFIX: Final = "t-"
MOMENT: Final = "%Y-%m-%dT%H:%M"
_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2099

Arguments = MultiDict[str, str]


class MomentField(DateTimeLocalField):
    """A local moment, in years that a plan can be made for."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a moment; nothing is no mistake.

        :raises ValidationError: there is no such moment, or it is too far away.
        """
        self.data = None
        if not any(valuelist):
            return
        try:
            moment = datetime.strptime(valuelist[0], MOMENT)  # noqa: DTZ007  a local moment; the organisation's zone is added later
        except ValueError as error:
            raise ValidationError(_("This moment does not exist. Choose a day and a time.")) from error
        if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            raise ValidationError(_("Choose a moment between 2000 and 2099."))
        self.data = moment


class RouteForm(RepeatableForm):
    """When it is asked, and the answers of the choice tree as far as they are known."""

    at = MomentField(_l("When is it asked?"), format=MOMENT, description=_l("Leave this empty for this moment."))
    asked: Sequence[TreeQuestion] = ()

    def tree_fields(self) -> Sequence[Field]:
        """Give the field of each question of the tree."""
        return [self[TREE_PREFIX + question.code] for question in self.asked]

    def moment(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Give the moment at which the request begins."""
        chosen: datetime | None = self.at.data
        return chosen.replace(tzinfo=zone) if chosen else now


def tree_answers_in(tree: ChoiceTree | None, arguments: Arguments) -> Mapping[str, str]:
    """Give the answers of the choice tree that stand in an address."""
    names = [question.code for question in tree.questions] if tree else []
    return {code: arguments[TREE_PREFIX + code] for code in names if TREE_PREFIX + code in arguments}


def build_route_form(tree: ChoiceTree | None, arguments: Arguments) -> RouteForm:
    """Build the form for the questions on the route and the first that is open."""
    asked = _asked(tree, tree_answers_in(tree, arguments)) if tree else []
    fields = {TREE_PREFIX + question.code: _field(question) for question in asked}
    form: RouteForm = type("RouteOfTree", (RouteForm,), {**fields, "asked": tuple(asked)})(formdata=arguments or None)
    form.validate()
    return form


def today_of(at: datetime, zone: ZoneInfo) -> date:
    """Give the day on which the request begins."""
    return at.astimezone(zone).date()


def _asked(tree: ChoiceTree, answers: Mapping[str, str]) -> list[TreeQuestion]:
    asked = [question for question, _option in walk(tree, answers)]
    following = find_next(tree, answers)
    return [*asked, following] if isinstance(following, TreeQuestion) else asked


def _field(question: TreeQuestion) -> Any:  # noqa: ANN401  WTForms gives a placeholder until the form is made
    choices = as_choices((option.code, local(option.label)) for option in question.options)
    return RadioField(
        local(question.label), choices=choices, validate_choice=False, description=local(question.help) if question.help else ""
    )
