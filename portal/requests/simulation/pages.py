"""What the simulator shows: the route that was chosen, and the bundle, plan and dates it leads to. Nothing is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.catalog.bundle import all_lines, all_questions
from portal.catalog.definition import CatalogueKind, Need, ProductDefinition
from portal.catalog.memory import block_definition_of, definition_of
from portal.catalog.models import ProductVersion
from portal.catalog.publishable import find_faults
from portal.catalog.queries import list_versions, names_of_products, published_blocks
from portal.catalog.workflow import OPEN, VersionState
from portal.core.errors import NotFoundError
from portal.core.texts import LocalText
from portal.people.queries import list_locations, search_persons
from portal.planning.worktime import CalendarError, NeverOpenError
from portal.requests.cost_pages import Costs, costs_of
from portal.requests.ordering.content import Choices, OrderContent, choose, work_out
from portal.requests.ordering.plan_pages import PlanRow, plan_rows
from portal.requests.ordering.preview import PlanPreview, preview_plan
from portal.requests.ordering.wish_pages import Wish, wish_for
from portal.requests.questions.fields import FieldContext
from portal.requests.questions.form import QuestionForm, build_question_form
from portal.requests.simulation.forms import Arguments, RouteForm, build_route_form, today_of, tree_answers_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A route that was played: what it comes down to, and the plan when there is one. `elsewhere` is the product it leads to."""

    content: OrderContent
    questions: QuestionForm
    elsewhere: tuple[str, LocalText | None] | None = None
    plan: PlanPreview | None = None
    rows: Sequence[PlanRow] = ()
    wish: Wish | None = None
    costs: Costs | None = None
    never_open: bool = False

    @property
    def optional(self) -> Sequence[str]:
        """Give the blocks that can be switched on and off."""
        return [line.block for line in self.content.offered if line.need is not Need.REQUIRED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """The page of the simulator; without `played` when the version has faults that make playing impossible."""

    version: ProductVersion
    form: RouteForm
    at: datetime
    played: Played | None = None
    others: Sequence[ProductVersion] = field(default_factory=list)


def simulate(session: Session, code: str, arguments: Arguments, *, now: datetime, zone: ZoneInfo) -> Simulation:
    """Play the route that stands in an address, with the version it names, else the one on its way or that is out.

    :raises NotFoundError: there is no such product or version.
    """
    versions = [one for one in list_versions(session, CatalogueKind.PRODUCTS, code) if isinstance(one, ProductVersion)]
    version = _version_to_play(versions, arguments.get("version", type=int))
    definition = definition_of(version)
    if find_faults(session, definition):
        form = build_route_form(None, arguments)
        return Simulation(version=version, form=form, at=form.moment(now, zone), others=_playable(versions))
    form = build_route_form(definition.tree, arguments)
    at = form.moment(now, zone)
    return Simulation(version=version, form=form, at=at, played=_play(session, definition, arguments, at, zone), others=_playable(versions))


def _version_to_play(versions: Sequence[ProductVersion], number: int | None) -> ProductVersion:
    found = _playable(versions) or versions
    version = found[0] if number is None else next((one for one in versions if one.number == number), None)
    if version is None:
        raise NotFoundError
    return version


def _playable(versions: Sequence[ProductVersion]) -> list[ProductVersion]:
    """Give the version on its way and the one that is out, in this order."""
    return sorted(
        (version for version in versions if version.state in {*OPEN, VersionState.PUBLISHED}),
        key=lambda version: version.state is VersionState.PUBLISHED,
    )


def _play(session: Session, definition: ProductDefinition, arguments: Arguments, at: datetime, zone: ZoneInfo) -> Played:
    places = {location.code: location.name for location in list_locations(session)}
    context = FieldContext(places=places, today=today_of(at, zone), find_persons=cache(partial(search_persons, session)))
    content = work_out(session, definition, _read_choices(session, definition, arguments, context))
    questions = build_question_form(
        content.questions, context=context, answers=content.answers, posted=arguments or None, shown=frozenset[str]()
    )
    questions.validate()
    if content.outcome is not None and content.outcome.go_to is not None:
        name = names_of_products(session, [content.outcome.go_to]).get(content.outcome.go_to)
        return Played(content=content, questions=questions, elsewhere=(content.outcome.go_to, name))
    if not content.is_chosen or not content.lines:
        return Played(content=content, questions=questions)
    try:
        plan = preview_plan(session, content, at=at, zone=zone)
    except (CalendarError, NeverOpenError):
        return Played(content=content, questions=questions, never_open=True)
    wish = wish_for(session, content, plan, at=at, zone=zone)
    rows = plan_rows(content, plan, wish, zone=zone)
    return Played(content=content, questions=questions, plan=plan, rows=rows, wish=wish, costs=costs_of(plan.bill, None))


def _read_choices(session: Session, definition: ProductDefinition, arguments: Arguments, context: FieldContext) -> Choices:
    """Read the answers to all questions that this outcome can ask; what stays hidden is left out later."""
    tree_answers = tree_answers_in(definition.tree, arguments)
    _, outcome = choose(definition, tree_answers)
    versions = published_blocks(session, [line.block for line in all_lines(definition, outcome)])
    questions = all_questions([block_definition_of(version) for version in versions.values()])
    shown, chosen = arguments.get("shown-lines", "").split(), arguments.getlist("line")
    return Choices(
        tree_answers=tree_answers,
        answers=build_question_form(questions, context=context, answers={}, posted=arguments or None).answers(),
        skipped=[block for block in shown if block not in chosen],
        added=[block for block in chosen if block in shown],
        facts={},
    )
