"""Templates of requests: every product and outcome planned once by the real fan-out, to be stamped many times."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any, Final

from sqlalchemy.orm import Session

from portal.catalog.definition import ChoiceTree, Outcome, ProductDefinition, Question, QuestionKind
from portal.catalog.memory import definition_of
from portal.catalog.models import ProductVersion
from portal.catalog.queries import list_published_products
from portal.core.texts import LocalText
from portal.people.models import Location, Person
from portal.people.queries import list_departments, list_locations
from portal.people.roles import Role
from portal.planning.plan import DependencyKind
from portal.requests.ordering.actions.drafts import settle_answers
from portal.requests.ordering.actions.making import price_columns
from portal.requests.ordering.content import OrderContent, describe_answers
from portal.requests.ordering.models import OrderDraft
from portal.requests.ordering.preview import DatedTask, PlanPreview, preview_plan
from portal.seeding.loading import Circumstances

VARIANTS: Final = 3
FIRST_DAY: Final = date(2000, 1, 3)
"""Day 0 of the dates in a template; the day after it is day 1, and so on."""

_SITUATION_WEIGHT: Final = 3
_NOBODY: Final = "{name}"
_SENTENCES: Final = (
    "Graag voor het hele team regelen.",
    "Het is voor een project dat binnenkort begint.",
    "De vorige keer ging het goed, graag op dezelfde manier.",
    "Wij hebben hier haast mee, want de oude afspraak loopt af.",
    "Bel gerust als er iets niet duidelijk is.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateTask:
    """One task of a template; durations in working minutes, `after` names places in the template."""

    block_id: int
    block_version_id: int
    department_id: int
    name: LocalText
    department: Mapping[str, str]
    reason: LocalText
    norm_minutes: int
    expected_minutes: int
    latest_minutes: int
    costs: Mapping[str, Any]
    points: Sequence[Mapping[str, str]]
    after: Sequence[tuple[int, DependencyKind]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One way in which a product can be asked. `wished_days` counts from submission."""

    product_id: int
    version_id: int
    owner_id: int
    name: LocalText
    outcome: str | None
    answers: Sequence[Mapping[str, Any]]
    wished_days: int | None
    cost_cents: int
    is_for_managers: bool
    weight: int
    tasks: Sequence[TemplateTask]


def make_templates(session: Session, *, chance: Random, circumstances: Circumstances) -> Sequence[Template]:
    """Plan every published product, every outcome of its tree, a few times with other answers."""
    places = list_locations(session)
    departments = {one.id: one.name.as_data() for one in list_departments(session)}
    templates = []
    for version in list_published_products(session):
        definition = definition_of(version)
        for tree_answers in ways(definition.tree):
            for _ in range(VARIANTS):
                _, content = settled_order(session, version, tree_answers, Answering(chance, places))
                if content.lines:
                    templates.append(_template(session, version, content, departments, circumstances))
    return templates


@dataclass(frozen=True, slots=True)
class Answering:
    """Makes up answers; days are counted from `begin`."""

    chance: Random
    places: Sequence[Location]
    begin: date = FIRST_DAY

    def __call__(self, questions: Sequence[Question]) -> Mapping[str, Any]:
        """Answer all of them; the same question always gets the same answer from one of these."""
        seed = self.chance.random()
        return {question.code: self._answer(question, Random(f"{seed}:{question.code}")) for question in questions}  # noqa: S311

    def _answer(self, question: Question, chance: Random) -> Any:  # noqa: ANN401  as the kind says
        low = question.at_least or 1
        answers: Mapping[QuestionKind, Callable[[], Any]] = {
            QuestionKind.ONE_OF: lambda: chance.choice(question.options).code,
            QuestionKind.SEVERAL_OF: lambda: [one.code for one in question.options if _toss(chance)] or [question.options[0].code],
            QuestionKind.YES_NO: partial(_toss, chance),
            QuestionKind.NUMBER: lambda: chance.randint(low, min(question.at_most or low + 40, low + 40)),
            QuestionKind.MONEY: lambda: 100 * chance.randint(1, 500),
            QuestionKind.DATE: partial(self._some_day, chance),
            QuestionKind.LOCATION: lambda: chance.choice(self.places).code,
        }
        return answers.get(question.kind, lambda: _typed(question.kind, chance))()

    def _some_day(self, chance: Random) -> str:
        return (self.begin + timedelta(days=7 * chance.randint(2, 8))).isoformat()


def _toss(chance: Random) -> bool:
    return bool(chance.getrandbits(1))


def _typed(kind: QuestionKind, chance: Random) -> str:
    made_up = {QuestionKind.TIME: "10:00", QuestionKind.EMAIL: "iemand@post.example", QuestionKind.PHONE: "088 000 00 00"}
    return made_up.get(kind) or ("Onze afdeling" if kind is QuestionKind.PERSON else chance.choice(_SENTENCES))


def ways(tree: ChoiceTree | None) -> Iterator[dict[str, str]]:
    """Walk through all paths of a choice tree that end in a bundle of its own."""
    if tree is None:
        yield {}
        return
    ahead: list[tuple[str, dict[str, str]]] = [(tree.start, {})]
    while ahead:
        code, so_far = ahead.pop()
        for option in tree.question(code).options:
            chosen = {**so_far, code: option.code}
            if option.next:
                ahead.append((option.next, chosen))
            elif option.outcome and tree.outcome(option.outcome).is_bundle:
                yield chosen


def settled_order(
    session: Session, version: ProductVersion, tree_answers: Mapping[str, str], answer: Answering
) -> tuple[OrderDraft, OrderContent]:
    """Fill in an order of a product to its end, for somebody whose facts are left open; the draft is not stored."""
    asker = Person(name=_NOBODY, email="{email}", phone="{phone}", department=None, location=None)
    is_for_new = Role.EMPLOYEE not in version.audience
    draft = OrderDraft(
        product_version=version,
        requester=asker,
        beneficiary=None if is_for_new else asker,
        beneficiary_name=_NOBODY,
        tree_answers=dict(tree_answers),
        answers={},
        skipped=[],
        added=[],
    )
    fixed: dict[str, Any] = {}

    def read(questions: Sequence[Question]) -> Mapping[str, Any]:
        fixed.update({code: value for code, value in answer(questions).items() if code not in fixed})
        return {question.code: fixed[question.code] for question in questions}

    return draft, settle_answers(session=session, draft=draft, read=read)


def _template(
    session: Session,
    version: ProductVersion,
    content: OrderContent,
    departments: Mapping[int, Mapping[str, str]],
    circumstances: Circumstances,
) -> Template:
    at = datetime.combine(FIRST_DAY, datetime.min.time(), UTC)
    plan = preview_plan(session, content, at=at, zone=circumstances.zone)
    place = {task.planned.block: index for index, task in enumerate(plan.tasks)}
    return Template(
        product_id=version.product_id,
        version_id=version.id,
        owner_id=version.owner_id,
        name=version.name,
        outcome=content.outcome.code if isinstance(content.outcome, Outcome) else None,
        answers=describe_answers(session, content),
        wished_days=_wished_days(content.definition, content.answers),
        cost_cents=plan.bill.own.first_year,
        is_for_managers=Role.EMPLOYEE not in version.audience,
        weight=_SITUATION_WEIGHT if len(plan.tasks) > 1 else 1,
        tasks=[_template_task(task, plan, departments[task.version.department_id], place) for task in plan.tasks],
    )


def _template_task(task: DatedTask, plan: PlanPreview, department: Mapping[str, str], place: Mapping[str, int]) -> TemplateTask:
    return TemplateTask(
        block_id=task.version.block_id,
        block_version_id=task.version.id,
        department_id=task.version.department_id,
        name=task.version.name,
        department=department,
        reason=task.planned.reason,
        norm_minutes=task.norm_minutes,
        expected_minutes=task.expected_minutes,
        latest_minutes=task.latest_minutes,
        costs=price_columns(price=plan.prices[task.planned.block]),
        points=task.version.definition["checklist"],
        after=[(place[block], kind) for block, kind in task.planned.after],
    )


def _wished_days(definition: ProductDefinition, answers: Mapping[str, Any]) -> int | None:
    value = answers.get(definition.wished_date) if definition.wished_date else None
    return (date.fromisoformat(value) - FIRST_DAY).days if isinstance(value, str) else None
