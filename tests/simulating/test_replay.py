"""Replaying one request with a draft: the tasks and dates of both sides, by worked examples."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.catalog.agreement import ApprovalRule, Approver, ApproverKind
from portal.catalog.codec import block_as_data, product_as_data, product_from_data
from portal.catalog.definition import (
    BlockDefinition,
    ChoiceTree,
    Dependency,
    Line,
    Need,
    Outcome,
    Privacy,
    ProductDefinition,
    Question,
    QuestionKind,
    TreeOption,
    TreeQuestion,
)
from portal.catalog.models import BlockVersion
from portal.planning.forecast import ladder_of
from portal.planning.models import Pace
from portal.planning.norm import Norm, NormUnit
from portal.planning.plan import DependencyKind, Outlook
from portal.planning.worktime import Calendar
from portal.simulating.replay import Recorded, Replayed, Side, replay
from portal.simulating.tally import added, count_of, percentile, spread_of, tally_of
from tests.catalog import strategies
from tests.catalog.examples import product_with
from tests.factories import WORKDAY, ZONE, make_line, words

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DEPARTMENTS = {"ict": 1, "personeel": 2, "closed": 3}
OPEN = Calendar(zone=ZONE, week=((WORKDAY,),) * 5 + ((),) * 2, exceptions={})
CALENDARS = {1: OPEN, 2: OPEN, 3: Calendar(zone=ZONE, week=((),) * 7, exceptions={})}


def block(code: str, *, days: int = 1, department: str = "ict", questions: Sequence[Question] = ()) -> BlockDefinition:
    return BlockDefinition(
        code=code,
        name=words(code),
        description=words(code),
        department=department,
        norm=Norm(days, NormUnit.WORKING_DAYS),
        task=words(code),
        checklist=(),
        questions=tuple(questions),
    )


def side(product: ProductDefinition, blocks: Sequence[BlockDefinition], paces: Mapping[int, Pace] | None = None) -> Side:
    versions = {
        one.code: BlockVersion(
            block_id=number,
            department_id=DEPARTMENTS.get(one.department, 1),
            name=one.name,
            norm_amount=one.norm.amount,
            norm_unit=one.norm.unit,
            definition=block_as_data(one),
        )
        for number, one in enumerate(blocks)
    }
    by_code = {one.code: one for one in blocks}
    return Side(definition=product, versions=versions, blocks=by_code, paces=paces or {}, calendars=CALENDARS)


def product(*lines: Line, after: Sequence[tuple[str, str]] = (), **more: Any) -> ProductDefinition:
    order = tuple(Dependency(block=one, after=other, kind=DependencyKind.NEEDS) for one, other in after)
    return product_with(lines, dependencies=order, **more)


def recorded(then: ProductDefinition, blocks: str, **more: Any) -> Recorded:
    values: dict[str, Any] = {
        "request_id": 1,
        "product_id": 1,
        "submitted_at": MONDAY,
        "outcome": None,
        "answers": {},
        "blocks": frozenset(blocks.split()),
        "then": then,
        "promised_expected_at": MONDAY,
        "promised_latest_at": MONDAY,
    }
    return Recorded(**(values | more))


def days_moved(one: Replayed, outlook: Outlook = Outlook.LATEST) -> dict[str, int]:
    figures = tally_of([one], situation_of=None, zone=ZONE)["situations"][one.recorded.outcome or ""]
    moved: dict[str, int] = figures[outlook].get("moved", {})
    return moved


RECORD, LAPTOP, PHONE = block("record", department="personeel"), block("laptop", days=2), block("phone")
BOTH = product(make_line("record"), make_line("laptop"), after=[("laptop", "record")])


def test_a_line_that_is_added_brings_a_task_and_moves_the_date() -> None:
    draft = product(*BOTH.lines, make_line("phone"), after=[("laptop", "record"), ("phone", "laptop")])
    found = replay(recorded(BOTH, "record laptop"), published=side(BOTH, [RECORD, LAPTOP]), draft=side(draft, [RECORD, LAPTOP, PHONE]))
    assert (found.comes, found.goes, found.moves) == (("phone",), (), ())
    assert found.has_other_tasks
    # Monday + 1 + 2 working days is Thursday; a day more is Friday.
    assert found.published_dates is not None
    assert found.published_dates.latest_at.astimezone(ZONE).date().isoformat() == "2026-11-26"
    assert days_moved(found) == {"1": 1}


def test_a_norm_that_is_changed_moves_the_date_over_the_weekend_and_not_the_tasks() -> None:
    draft = side(BOTH, [RECORD, replace(LAPTOP, norm=Norm(4, NormUnit.WORKING_DAYS))])
    found = replay(recorded(BOTH, "record laptop"), published=side(BOTH, [RECORD, LAPTOP]), draft=draft)
    assert not found.has_other_tasks
    assert days_moved(found) == {"4": 1}  # Thursday becomes Monday


def test_what_was_measured_decides_the_dates_until_another_department_does_it() -> None:
    paces = {1: Pace(block_id=1, department_id=1, expected_minutes=9 * 60, latest_minutes=9 * 60, finished=20, finished_in_norm=20)}
    published = side(BOTH, [RECORD, LAPTOP], paces)
    longer = replace(LAPTOP, norm=Norm(4, NormUnit.WORKING_DAYS))
    same = replay(recorded(BOTH, ""), published=published, draft=side(BOTH, [RECORD, longer], paces))
    assert days_moved(same, Outlook.EXPECTED) == {"0": 1}
    assert [one.norm_minutes for one in same.draft.tasks] == [540, 2160]
    other = replay(recorded(BOTH, ""), published=published, draft=side(BOTH, [RECORD, replace(longer, department="personeel")], paces))
    assert days_moved(other, Outlook.EXPECTED) == {"5": 1}  # Wednesday becomes Monday


def test_a_block_that_goes_to_another_department_moves_its_work() -> None:
    draft = side(BOTH, [RECORD, replace(LAPTOP, department="personeel")])
    found = replay(recorded(BOTH, "record laptop"), published=side(BOTH, [RECORD, LAPTOP]), draft=draft)
    assert (found.comes, found.goes, found.moves) == ((), (), ("laptop",))
    assert found.has_other_tasks
    assert tally_of([found], situation_of=None, zone=ZONE)["load"] == {
        "1": {"2026-W48": {"published": {"tasks": 1, "minutes": 1080}}},
        "2": {"2026-W48": {"published": {"tasks": 1, "minutes": 540}, "draft": {"tasks": 2, "minutes": 1620}}},
    }


def test_optional_lines_stay_as_the_requester_switched_them() -> None:
    then = product(make_line("record"), make_line("laptop", need=Need.OPTIONAL), make_line("phone", need=Need.OPTIONAL, chosen=False))
    draft = replace(then, lines=(*then.lines, make_line("desk", need=Need.OPTIONAL), make_line("car", need=Need.OPTIONAL, chosen=False)))
    blocks = [RECORD, LAPTOP, PHONE, block("desk"), block("car")]
    switched = replay(recorded(then, "record phone"), published=side(then, blocks), draft=side(draft, blocks))
    assert set(switched.published.departments) == {"record", "phone"}
    assert switched.comes == ("desk",)  # what is new is as the draft offers it
    plain = replay(recorded(then, "record laptop"), published=side(then, blocks), draft=side(then, blocks))
    assert set(plain.draft.departments) == {"record", "laptop"}


def test_an_answer_that_a_question_no_longer_asks_brings_nothing() -> None:
    asks = Question(code="mobile", kind=QuestionKind.YES_NO, label=words("?"), need=Need.REQUIRED, privacy=Privacy.NONE)
    asking = block("record", questions=[asks])
    then = product(make_line("record"), make_line("phone", when={"question": "mobile", "is": True}))
    request = recorded(then, "record phone", answers={"mobile": True})
    found = replay(request, published=side(then, [asking, PHONE]), draft=side(then, [RECORD, PHONE]))
    assert found.goes == ("phone",)
    back = replay(request, published=side(then, [RECORD, PHONE]), draft=side(then, [asking, PHONE]))
    assert back.comes == ("phone",)
    assert not back.is_asked_anew  # the request answers it


def test_what_is_asked_anew_is_told_and_stays_unanswered() -> None:
    asks = Question(code="mobile", kind=QuestionKind.YES_NO, label=words("?"), need=Need.REQUIRED, privacy=Privacy.NONE)
    draft = product(*BOTH.lines, make_line("phone", when={"question": "mobile", "answered": True}))
    blocks = [replace(RECORD, questions=(asks,)), LAPTOP, PHONE]
    found = replay(recorded(BOTH, "record laptop"), published=side(BOTH, [RECORD, LAPTOP]), draft=side(draft, blocks))
    assert found.is_asked_anew
    assert not found.has_other_tasks


def tree(*, new_question: bool = False, leads: str | None = None) -> ChoiceTree:
    kind = TreeQuestion(
        code="kind",
        label=words("kind"),
        options=(TreeOption(code="boss", label=words("boss"), **({"next": "car"} if new_question else {"outcome": "boss"})),),
    )
    car = TreeQuestion(code="car", label=words("car"), options=(TreeOption(code="yes", label=words("yes"), outcome="boss"),))
    lines = () if leads else (make_line("laptop"),)
    outcome = Outcome(code="boss", name=words("boss"), reason=words("boss"), lines=lines, go_to=leads)
    return ChoiceTree(start="kind", questions=(kind, car) if new_question else (kind,), outcomes=(outcome,))


def test_a_request_keeps_its_outcome_where_the_tree_asks_something_new() -> None:
    then = product(make_line("record"), tree=tree())
    draft = side(replace(then, tree=tree(new_question=True)), [RECORD, LAPTOP])
    request = recorded(then, "record laptop", outcome="boss", answers={"kind": "boss"})
    found = replay(request, published=side(then, [RECORD, LAPTOP]), draft=draft)
    assert set(found.draft.departments) == {"record", "laptop"}
    assert found.is_asked_anew


def test_a_request_that_is_led_to_another_product_has_no_tasks_and_no_dates() -> None:
    then = product(make_line("record"), tree=tree())
    request = recorded(then, "record laptop", outcome="boss", answers={"kind": "boss"})
    draft = side(replace(then, tree=tree(leads="elsewhere")), [RECORD, LAPTOP])
    found = replay(request, published=side(then, [RECORD, LAPTOP]), draft=draft)
    assert found.leads_elsewhere
    assert found.goes == ("record", "laptop")
    assert days_moved(found) == {}


def test_a_department_that_is_never_open_has_no_dates_and_is_counted() -> None:
    draft = side(BOTH, [RECORD, replace(LAPTOP, department="closed")])
    found = replay(recorded(BOTH, "record laptop"), published=side(BOTH, [RECORD, LAPTOP]), draft=draft)
    assert found.moves == ("laptop",)
    tally = tally_of([found], situation_of=None, zone=ZONE)
    assert count_of(tally, "undated") == 1
    assert days_moved(found) == {}


def test_requests_with_the_same_choices_are_worked_out_once() -> None:
    published = side(BOTH, [RECORD, LAPTOP])
    one, other = (replay(recorded(BOTH, "record laptop", request_id=key), published=published, draft=published) for key in (1, 2))
    assert one.published is other.published is one.draft


def test_tallies_of_parts_add_up_to_that_of_the_whole() -> None:
    published, draft = side(BOTH, [RECORD, LAPTOP]), side(BOTH, [RECORD, replace(LAPTOP, norm=Norm(3, NormUnit.WORKING_DAYS))])
    moments = [datetime(2026, 11, day, 9, 0, tzinfo=UTC) for day in range(2, 28)]
    all_of = [replay(recorded(BOTH, "record laptop", submitted_at=at), published=published, draft=draft) for at in moments]
    parts = [tally_of(all_of[at : at + 7], situation_of=None, zone=ZONE) for at in range(0, len(all_of), 7)]
    total: dict[str, Any] = {}
    for part in parts:
        total = added(total, part)
    assert total == tally_of(all_of, situation_of=None, zone=ZONE)
    spread = spread_of(total["situations"][""]["latest"]["moved"])
    assert spread is not None
    assert (spread.count, spread.earlier, spread.same + spread.later) == (26, 0, 26)


def test_middle_and_80_percent_by_the_nearest_rank() -> None:
    assert spread_of({}) is None
    days = {"-1": 2, "0": 5, "3": 2, "9": 1}
    spread = spread_of(days)
    assert spread is not None
    assert (spread.median, spread.most, spread.earlier, spread.same, spread.later) == (0, 3, 2, 5, 3)
    assert percentile(days, 100) == 9


BLOCKS = ["desk", "pass", "login", "phone", "sign"]


@settings(max_examples=60, deadline=None)
@given(
    product=strategies.products,
    blocks=st.lists(strategies.block_definitions, min_size=5, max_size=5),
    answers=st.builds(lambda one, other: {**one, **other}, strategies.answers, strategies.tree_answers),
    outcome=st.sampled_from([None, "one", "two", "gone"]),
    had=st.frozensets(st.sampled_from(BLOCKS)),
)
def test_the_published_version_itself_changes_nothing(
    product: ProductDefinition, blocks: list[BlockDefinition], answers: dict[str, Any], outcome: str | None, had: frozenset[str]
) -> None:
    named = [replace(one, code=code) for code, one in zip(BLOCKS, blocks, strict=True)]
    again = product_from_data(product_as_data(product))
    request = recorded(product, " ".join(had), answers=answers, outcome=outcome)
    found = replay(request, published=side(product, named), draft=side(again, named))
    assert not found.has_other_tasks
    assert not found.is_asked_anew
    assert found.published_dates == found.draft_dates
    tally = tally_of([found], situation_of=None, zone=ZONE)
    assert all(week["published"] == week["draft"] for weeks in tally["load"].values() for week in weeks.values())
    assert days_moved(found) in ({}, {"0": 1})


def test_an_approval_that_the_draft_asks_moves_the_dates_by_what_approvals_take_lately() -> None:
    rule = ApprovalRule(approvers=(Approver(kind=ApproverKind.MANAGER),))
    asks = replace(BOTH, approval=rule)
    blocks = [RECORD, LAPTOP]

    def moved(**more: Any) -> dict[str, int]:
        draft = replace(side(asks, blocks), owner_id=1, **more)
        return days_moved(replay(recorded(BOTH, "record laptop"), published=side(BOTH, blocks), draft=draft), Outlook.EXPECTED)

    assert moved() == {"1": 1}
    # From Thursday to Friday by the norm, over the weekend to Monday by what it takes lately.
    assert moved(lately={ApproverKind.MANAGER: ladder_of(1200, 1500)}) == {"4": 1}
    assert moved(lately={ApproverKind.BUDGET_HOLDER: ladder_of(1200, 1500)}) == {"1": 1}
