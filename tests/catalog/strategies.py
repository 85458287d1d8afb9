"""Random questions, trees and products; small, so that circles and double codes really happen."""

from datetime import date, time
from typing import Any

from hypothesis import strategies as st

from portal.catalog.agreement import (
    Anchor,
    ApprovalMode,
    ApprovalRule,
    Approver,
    ApproverKind,
    NoReturn,
    NoReturnMoment,
    Offset,
    Payer,
    Period,
    Price,
)
from portal.catalog.definition import (
    BlockDefinition,
    ChoiceTree,
    Condition,
    Dependency,
    Level,
    Line,
    Need,
    Option,
    Outcome,
    Privacy,
    ProductDefinition,
    ProductKind,
    Question,
    QuestionKind,
    Theme,
    Tier,
    TreeOption,
    TreeQuestion,
)
from portal.core.texts import LocalText
from portal.people.roles import Role
from portal.planning.norm import Norm, NormUnit
from portal.planning.plan import DependencyKind

WITH_OPTIONS = (QuestionKind.ONE_OF, QuestionKind.SEVERAL_OF)

texts = st.sampled_from(
    [LocalText(nl="één", en="one"), LocalText(nl="twee \N{RIGHTWARDS ARROW} drie", en="a\nb"), LocalText(nl="'\"<", en="0")]
)
maybe_texts = st.none() | texts
codes = st.sampled_from(["a", "b", "c", "d", "e"])
blocks = st.sampled_from(["desk", "pass", "login", "phone", "sign"])
values: st.SearchStrategy[Any] = st.sampled_from(["x", "y", True, False, 0, 1, 7])
answer_values: st.SearchStrategy[Any] = values | st.none() | st.just("") | st.lists(st.sampled_from(["x", "y"]), max_size=2)
answers = st.dictionaries(codes, answer_values)

comparisons: st.SearchStrategy[Condition] = st.one_of(
    st.fixed_dictionaries({"question": codes, "is": values}),
    st.fixed_dictionaries({"question": codes, "in": st.lists(values, min_size=1, max_size=3)}),
    st.fixed_dictionaries({"question": codes, "has": st.sampled_from(["x", "y"])}),
    st.fixed_dictionaries({"question": codes, "at_least": st.integers(0, 9)}),
    st.fixed_dictionaries({"question": codes, "at_most": st.integers(0, 9)}),
    st.fixed_dictionaries({"question": codes, "answered": st.booleans()}),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=4,
)
maybe_conditions = st.none() | conditions


@st.composite
def questions(draw: st.DrawFn, code: st.SearchStrategy[str] = codes) -> Question:
    kind = draw(st.sampled_from(QuestionKind))
    option_codes = draw(st.lists(st.sampled_from(["x", "y", "z"]), min_size=1, unique=True)) if kind in WITH_OPTIONS else []
    return Question(
        code=draw(code),
        kind=kind,
        label=draw(texts),
        need=draw(st.sampled_from(Need)),
        privacy=draw(st.sampled_from(Privacy)),
        help=draw(maybe_texts),
        why=draw(maybe_texts),
        options=tuple(Option(code=one, label=draw(texts)) for one in option_codes),
        at_least=draw(st.none() | st.integers(0, 5)),
        at_most=draw(st.none() | st.integers(5, 9)),
        not_in_past=draw(st.booleans()),
        per_person=kind is not QuestionKind.FILE and draw(st.booleans()),
        known=draw(st.none() | st.sampled_from(["beneficiary.name", "requester.phone"])),
        when=draw(maybe_conditions),
    )


norms = st.builds(Norm, st.integers(1, 20), st.sampled_from(NormUnit))
approvers = st.one_of(
    st.builds(Approver, kind=st.sampled_from([ApproverKind.MANAGER, ApproverKind.BUDGET_HOLDER, ApproverKind.PRODUCT_OWNER])),
    st.builds(Approver, kind=st.just(ApproverKind.ROLE), role=st.sampled_from(Role)),
    st.builds(Approver, kind=st.just(ApproverKind.FROM_ANSWER), question=codes),
)
approvals = st.builds(
    ApprovalRule,
    approvers=st.lists(approvers, min_size=1, max_size=3).map(tuple),
    mode=st.sampled_from(ApprovalMode),
    above_cents=st.none() | st.integers(0, 100_000),
    when=maybe_conditions,
)
no_returns = st.one_of(
    st.builds(NoReturn, moment=st.sampled_from([NoReturnMoment.READY, NoReturnMoment.STARTED])),
    st.builds(NoReturn, moment=st.just(NoReturnMoment.BEFORE_WISHED_DATE), length=norms),
)
offsets = st.builds(Offset, length=norms, anchor=st.sampled_from(Anchor))

days = st.none() | st.dates(date(2020, 1, 1), date(2030, 12, 31))
cents = st.integers(0, 100_000)
prices = st.one_of(
    st.builds(Price, once_cents=cents, payer=st.sampled_from(Payer), from_on=days, until_on=days),
    st.builds(
        Price,
        once_cents=cents,
        recurring_cents=st.integers(1, 100_000),
        period=st.sampled_from(Period),
        payer=st.sampled_from(Payer),
        from_on=days,
        until_on=days,
    ),
)

block_definitions = st.builds(
    BlockDefinition,
    code=blocks,
    name=texts,
    description=texts,
    department=codes,
    norm=norms,
    prices=st.lists(prices, max_size=3).map(tuple),
    task=texts,
    checklist=st.lists(texts, max_size=3).map(tuple),
    questions=st.lists(questions(), max_size=4, unique_by=lambda question: question.code).map(tuple),
    team=st.none() | codes,
    cut_off=st.none() | st.sampled_from([time(0, 0), time(14, 30)]),
    notice=st.none() | norms,
    no_return=st.none() | no_returns,
    approval=st.none() | approvals,
)

lines = st.builds(
    Line,
    block=blocks,
    need=st.sampled_from([Need.REQUIRED, Need.OPTIONAL]),
    reason=texts,
    chosen=st.booleans(),
    when=maybe_conditions,
    starts=st.none() | offsets,
)


def _outcome(draw: st.DrawFn, code: str) -> Outcome:
    return Outcome(
        code=code,
        name=draw(texts),
        reason=draw(texts),
        lines=tuple(draw(st.lists(lines, max_size=3))),
        article=draw(maybe_texts) if code == "three" else None,
    )


@st.composite
def trees(draw: st.DrawFn, *, may_loop: bool = False) -> ChoiceTree:
    """Draw a tree of at most five questions; with `may_loop` an answer may lead back."""
    count = draw(st.integers(1, 5))
    outcome_codes = ["one", "two", "three"]

    def option(number: int, index: int) -> TreeOption:
        targets = [f"q{other}" for other in range(0 if may_loop else number + 1, count)]
        next_ = draw(st.none() | st.sampled_from(targets)) if targets else None
        outcome = None if next_ else draw(st.sampled_from(outcome_codes))
        return TreeOption(code=f"o{index}", label=draw(texts), help=draw(maybe_texts), next=next_, outcome=outcome)

    tree_questions = tuple(
        TreeQuestion(
            code=f"q{number}",
            label=draw(texts),
            help=draw(maybe_texts),
            options=tuple(option(number, index) for index in range(draw(st.integers(1, 3)))),
        )
        for number in range(count)
    )
    outcomes = tuple(_outcome(draw, code) for code in outcome_codes)
    return ChoiceTree(start="q0", questions=tree_questions, outcomes=outcomes)


tree_answers = st.dictionaries(st.sampled_from([f"q{number}" for number in range(5)]), st.sampled_from(["o0", "o1", "o2", "gone"]))

# A block only comes after one that stands before it here, so that no two wait for each other.
_ORDER = ["desk", "pass", "login", "phone", "sign"]
dependencies = st.builds(
    lambda pair, kind, offset: Dependency(block=_ORDER[max(pair)], after=_ORDER[min(pair)], kind=kind, offset=offset),
    st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda pair: pair[0] != pair[1]),
    st.sampled_from(DependencyKind),
    st.none() | norms,
)

products = st.builds(
    ProductDefinition,
    code=codes,
    kind=st.sampled_from(ProductKind),
    tier=st.sampled_from(Tier),
    level=st.sampled_from(Level),
    owner=codes,
    theme=st.sampled_from(Theme),
    icon=st.sampled_from(["person", "move"]),
    name=texts,
    summary=texts,
    description=texts,
    conditions=st.lists(texts, max_size=2).map(tuple),
    audience=st.frozensets(st.sampled_from(["employee", "manager", "department:ict"])),
    lines=st.lists(lines, max_size=5).map(tuple),
    dependencies=st.lists(dependencies, max_size=6).map(tuple),
    wished_date=st.none() | codes,
    upn=st.none() | st.just("https://upn.example/verhuizing"),
    tree=st.none() | trees(),
    approval=st.none() | approvals,
    related=st.lists(codes, max_size=2).map(tuple),
    response=st.none() | norms,
    legal_days=st.none() | st.integers(1, 60),
    extensions=st.integers(0, 3),
    reopen_days=st.integers(0, 30),
)
