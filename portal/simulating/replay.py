"""Replaying a request: the tasks and dates it would get from a product as it is published, and from the draft. Pure.

Both sides are worked out by the code with which an order is planned, with the same calendars and the same measured paces,
so that what differs comes from the draft alone. Answers that a side asks and the request does not hold stay unanswered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from portal.catalog.approval_times import Lately
from portal.catalog.bundle import all_questions, bundle_lines, form_questions, offered_lines
from portal.catalog.choices import find_next
from portal.catalog.conditions import asked_codes
from portal.catalog.definition import BlockDefinition, Line, Need, Outcome, ProductDefinition, TreeQuestion
from portal.catalog.models import BlockVersion
from portal.catalog.prices import price_on
from portal.core.texts import LocalText
from portal.planning.models import Pace
from portal.planning.queries import Calendars
from portal.planning.worktime import CalendarError, NeverOpenError
from portal.requests.approving import needed_approvals
from portal.requests.ordering.content import MOST_ROUNDS, choose, wished_day
from portal.requests.ordering.preview import NO_WAITS, DatedTask, Waits, dated_tasks, dates_of_tasks, wait_steps
from portal.requests.planner import PlanDates

_NO_WORDS: Final = LocalText("", "")

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A request as it was made: `then` is the version it was made with, `blocks` are those of its tasks.

    `answers` maps the codes of questions, of the tree and of the form, to values.
    """

    request_id: int
    product_id: int
    submitted_at: datetime
    outcome: str | None
    answers: Mapping[str, Any]
    blocks: frozenset[str]
    then: ProductDefinition
    promised_expected_at: datetime
    promised_latest_at: datetime


@dataclass(frozen=True, slots=True)
class Switches:
    """The optional blocks that the requester switched off and on."""

    skipped: frozenset[str]
    added: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What a request comes down to on one side: its tasks, the questions it is asked, and whether it is led to another product.

    `departments` says which department (id) does each block, `shape` is all that the dates hang on. Without `is_dated` a
    department has no opening hours, so that nothing can be planned.
    """

    departments: Mapping[str, int] = field(default_factory=dict)
    tasks: tuple[DatedTask, ...] = ()
    lines: tuple[Line, ...] = ()
    shape: Key = ()
    asked: frozenset[str] = frozenset()
    leads_elsewhere: bool = False
    is_dated: bool = True


@dataclass(frozen=True, kw_only=True)
class Side:
    """A product with its building blocks, by code, as one of the two that are compared. Bundles are worked out once."""

    definition: ProductDefinition
    versions: Mapping[str, BlockVersion]
    blocks: Mapping[str, BlockDefinition]
    paces: Mapping[int, Pace]
    calendars: Calendars
    owner_id: int | None = None
    lately: Lately = field(default_factory=dict)
    _bundles: dict[Key, Bundle] = field(default_factory=dict, init=False, repr=False)

    def bundle_for(self, recorded: Recorded, switches: Switches) -> Bundle:
        """Give what a request comes down to; requests with the same choices share it."""
        key = self._key(recorded, switches)
        if key not in self._bundles:
            self._bundles[key] = self._bundle(recorded, switches)
        return self._bundles[key]

    def wished_on(self, recorded: Recorded) -> date | None:
        """Give the day for which a request was made, when the product asks for one."""
        return wished_day(self.definition, recorded.answers)

    def waits_for(self, bundle: Bundle, recorded: Recorded) -> Waits | None:
        """Give the approvals that a request needs, in the hours of the owner of the product; None when that is never open."""
        if self.owner_id is None or not self._may_need_approval:
            return NO_WAITS
        calendar = self.calendars[self.owner_id]
        day = recorded.submitted_at.astimezone(calendar.zone).date()
        prices = {line.block: price_on(self.blocks[line.block].prices, day) for line in bundle.lines}
        needed = needed_approvals(
            definition=self.definition, lines=bundle.lines, blocks=self.blocks, answers=recorded.answers, prices=prices
        )
        try:
            return Waits(approvals=needed, steps=wait_steps(needed, calendar, lately=self.lately))
        except CalendarError:
            return None

    def dates_of(self, bundle: Bundle, recorded: Recorded, waits: Waits | None) -> PlanDates | None:
        """Date the tasks of the bundle of a request; None when there are none, or a department is never open."""
        if not bundle.tasks or not bundle.is_dated or waits is None:
            return None
        try:
            return dates_of_tasks(bundle.tasks, self.calendars, at=recorded.submitted_at, wished_on=self.wished_on(recorded), waits=waits)
        except NeverOpenError:
            return None

    @cached_property
    def _may_need_approval(self) -> bool:
        return self.definition.approval is not None or any(block.approval is not None for block in self.blocks.values())

    @cached_property
    def _deciding(self) -> frozenset[str]:
        """Give the codes of the questions whose answer changes what is in a bundle or what is asked."""
        tree = self.definition.tree
        lines = [*self.definition.lines, *(line for outcome in (tree.outcomes if tree else ()) for line in outcome.lines)]
        conditions = [*(line.when for line in lines), *(question.when for question in all_questions(list(self.blocks.values())))]
        in_tree = {question.code for question in tree.questions} if tree else set[str]()
        return frozenset(in_tree.union(*(asked_codes(condition) for condition in conditions)))

    def _key(self, recorded: Recorded, switches: Switches) -> Key:
        values = tuple(repr(recorded.answers.get(code)) for code in sorted(self._deciding))
        return values, recorded.outcome, switches

    def _bundle(self, recorded: Recorded, switches: Switches) -> Bundle:
        tree_answers, outcome = choose(self.definition, recorded.answers)
        walked = tree_answers.keys() | self._left_open(recorded)
        outcome = outcome or self._outcome_named(recorded.outcome)
        if outcome is not None and not outcome.is_bundle:
            return Bundle(asked=frozenset(walked), leads_elsewhere=True)
        chosen = {**tree_answers, **({"outcome": outcome.code} if outcome else {})}
        lines, asked = self._settle(outcome, chosen, recorded.answers, switches)
        departments = {line.block: self.versions[line.block].department_id for line in lines}
        try:
            tasks = dated_tasks(self.definition, lines, self.versions, paces=self.paces, calendars=self.calendars)
        except CalendarError:
            return Bundle(departments=departments, asked=frozenset(walked | asked), is_dated=False)
        shape = tuple(_shape_of(task) for task in tasks)
        return Bundle(departments=departments, tasks=tuple(tasks), lines=tuple(lines), shape=shape, asked=frozenset(walked | asked))

    def _left_open(self, recorded: Recorded) -> frozenset[str]:
        """Give the question of the tree at which the answers of the request end before an outcome."""
        end = find_next(self.definition.tree, recorded.answers) if self.definition.tree else None
        return frozenset({end.code} if isinstance(end, TreeQuestion) else ())

    def _outcome_named(self, code: str | None) -> Outcome | None:
        """Find the outcome by the name it had: where the tree asks something new, the request keeps the outcome it got."""
        tree = self.definition.tree
        return next((outcome for outcome in tree.outcomes if outcome.code == code), None) if tree else None

    def _settle(
        self, outcome: Outcome | None, chosen: Mapping[str, Any], answers: Mapping[str, Any], switches: Switches
    ) -> tuple[Sequence[Line], set[str]]:
        """Give the lines and the questions of the form, as an order comes to them: until no answer shows anything more."""
        given: dict[str, Any] = {}
        lines: Sequence[Line] = ()
        asked: set[str] = set()
        for _round in range(MOST_ROUNDS):
            all_answers = {**given, **chosen}
            bundle = bundle_lines(self.definition, outcome=outcome, answers=all_answers, skipped=switches.skipped, added=switches.added)
            lines = [line for line in bundle if line.block in self.blocks]
            questions = form_questions([self.blocks[line.block] for line in lines], answers=all_answers, known={})
            asked = {question.code for question in questions}
            found = {code: answers[code] for code in asked if code in answers}
            if found == given:
                break
            given = found
        return lines, asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A request on both sides: what it comes down to, and its dates where it has any."""

    recorded: Recorded
    published: Bundle
    draft: Bundle
    published_dates: PlanDates | None
    draft_dates: PlanDates | None

    @property
    def comes(self) -> tuple[str, ...]:
        """Give the blocks that only the draft brings."""
        return tuple(code for code in self.draft.departments if code not in self.published.departments)

    @property
    def goes(self) -> tuple[str, ...]:
        """Give the blocks that the draft leaves out."""
        return tuple(code for code in self.published.departments if code not in self.draft.departments)

    @property
    def moves(self) -> tuple[str, ...]:
        """Give the blocks that another department does."""
        before = self.published.departments
        return tuple(code for code, department in self.draft.departments.items() if before.get(code, department) != department)

    @property
    def has_other_tasks(self) -> bool:
        """Tell whether the tasks differ, or who does them."""
        return self.published.departments != self.draft.departments or self.leads_elsewhere

    @property
    def leads_elsewhere(self) -> bool:
        """Tell whether the draft leads to another product, where what is published does not."""
        return self.draft.leads_elsewhere and not self.published.leads_elsewhere

    @property
    def is_asked_anew(self) -> bool:
        """Tell whether the draft asks something that is not asked now and that the request does not answer."""
        return bool(self.draft.asked - self.published.asked - self.recorded.answers.keys())


def replay(recorded: Recorded, *, published: Side, draft: Side) -> Replayed:
    """Work out a request on both sides, with the answers it has and the optional lines as they were switched."""
    switches = switches_of(recorded)
    before, after = published.bundle_for(recorded, switches), draft.bundle_for(recorded, switches)
    waits, draft_waits = published.waits_for(before, recorded), draft.waits_for(after, recorded)
    dates = published.dates_of(before, recorded, waits)
    is_same_day = published.wished_on(recorded) == draft.wished_on(recorded)
    is_same = is_same_day and before.is_dated and after.is_dated and before.shape == after.shape and waits == draft_waits
    return Replayed(
        recorded=recorded,
        published=before,
        draft=after,
        published_dates=dates,
        draft_dates=dates if is_same else draft.dates_of(after, recorded, draft_waits),
    )


def _shape_of(task: DatedTask) -> Key:
    """Give all of a task that its dates hang on: everything but its words."""
    own = [getattr(task, one.name) for one in fields(task) if one.name not in {"planned", "version"}]
    return replace(task.planned, reason=_NO_WORDS), task.version.department_id, *own


def switches_of(recorded: Recorded) -> Switches:
    """Find which optional lines were switched: offered by the version it was made with, and seen from its tasks."""
    _, outcome = choose(recorded.then, recorded.answers)
    answers = {**recorded.answers, **({"outcome": outcome.code} if outcome else {})}
    optional = [line for line in offered_lines(recorded.then, outcome=outcome, answers=answers) if line.need is not Need.REQUIRED]
    return Switches(
        skipped=frozenset(line.block for line in optional if line.chosen and line.block not in recorded.blocks),
        added=frozenset(line.block for line in optional if not line.chosen and line.block in recorded.blocks),
    )
