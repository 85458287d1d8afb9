"""What is wrong with agreements is planted in a good catalogue, and found in its place."""

from dataclasses import replace
from datetime import date

import pytest

from portal.catalog.agreement import Anchor, ApprovalRule, Approver, ApproverKind, NoReturn, NoReturnMoment, Offset
from portal.catalog.catalogue import Catalogue
from portal.catalog.checks import find_block_faults, find_product_faults
from portal.catalog.definition import BlockDefinition, Outcome, ProductDefinition, QuestionKind
from portal.catalog.inspection.organisation import Organisation
from portal.catalog.inspection.rules import inspect_catalogue
from portal.people.roles import Role
from portal.planning.norm import Norm, NormUnit
from tests.catalog.examples import product_with
from tests.catalog.inspection.test_findings import LINES, block, catalogue, option, question, tree
from tests.factories import make_line, words

DAY = Norm(1, NormUnit.WORKING_DAYS)
PHOTO, BOSS, WISHED = question("photo", QuestionKind.FILE), question("boss", QuestionKind.PERSON), question("on", QuestionKind.DATE)
LIBRARY = [PHOTO, BOSS, WISHED]
DESK, PASS = block("desk", PHOTO, BOSS, WISHED), block("pass")
ORGANISATION = Organisation(
    today=date(2026, 11, 23),
    held=frozenset({"citizen", "employee"}),
    departments=frozenset({"ict"}),
    with_hours=frozenset({"ict"}),
    teams=frozenset({("ict", "laptops")}),
    roles=frozenset({Role.COORDINATOR}),
)


def by(*approvers: Approver, **more: object) -> ApprovalRule:
    return ApprovalRule(approvers=approvers, **more)  # type: ignore[arg-type]


def answer_of(code: str) -> Approver:
    return Approver(kind=ApproverKind.FROM_ANSWER, question=code)


def role(one: Role) -> Approver:
    return Approver(kind=ApproverKind.ROLE, role=one)


BACK = replace(make_line("desk"), starts=Offset(length=DAY, anchor=Anchor.WISHED_DATE))
READ = Outcome(code="new", name=words("new"), reason=words("new"), lines=(make_line("desk"),), article=words("Read."))
LATE = NoReturn(moment=NoReturnMoment.BEFORE_WISHED_DATE, length=DAY)


def whole(product: ProductDefinition, *blocks: BlockDefinition) -> Catalogue:
    return catalogue(product, blocks or [DESK, PASS], LIBRARY)


GOOD = product_with(LINES, approval=by(answer_of("boss"), role(Role.COORDINATOR)), wished_date="on", related=())


def found(one: Catalogue) -> list[tuple[str, str, str]]:
    return [(finding.code.value, finding.subject.code, finding.place) for finding in inspect_catalogue(one, ORGANISATION)]


def test_nothing_is_found_when_all_is_agreed_well() -> None:
    agreed = replace(
        DESK, team="laptops", notice=DAY, no_return=LATE, approval=by(answer_of("boss"), when={"question": "photo", "answered": True})
    )
    assert found(whole(replace(GOOD, lines=(BACK, make_line("pass"))), agreed, PASS)) == []


@pytest.mark.parametrize(
    ("one", "finding"),
    [
        (whole(GOOD, replace(DESK, team="moving"), PASS), ("unknown_team", "desk", "team")),
        (whole(replace(GOOD, approval=by(answer_of("photo")))), ("no_person_question", "example", "approval.approvers[1].question")),
        (
            whole(GOOD, DESK, replace(PASS, approval=by(answer_of("boss")))),
            ("no_person_question", "pass", "approval.approvers[1].question"),
        ),
        (whole(replace(GOOD, approval=by(role(Role.MANAGER)))), ("role_of_nobody", "example", "approval.approvers[1].role")),
        (whole(GOOD, DESK, replace(PASS, approval=by(role(Role.MANAGER)))), ("role_of_nobody", "pass", "approval.approvers[1].role")),
        (whole(replace(GOOD, related=("gone",))), ("gone_product", "example", "related[gone]")),
        (whole(replace(GOOD, related=("example",))), ("refused", "example", "related[example]")),
        (whole(product_with([BACK, make_line("pass")])), ("no_wished_date", "example", "lines[desk].starts")),
        (whole(product_with(LINES), replace(DESK, notice=DAY), PASS), ("term_without_date", "example", "lines[desk]")),
        (whole(product_with(LINES), replace(DESK, no_return=LATE), PASS), ("term_without_date", "example", "lines[desk]")),
        (
            whole(product_with([make_line("desk"), make_line("pass", when={"question": "photo", "is": "x"})])),
            ("file_condition", "example", "lines[pass].when"),
        ),
        (
            whole(product_with([make_line("desk"), make_line("pass", when={"question": "boss", "is": "noor"})])),
            ("file_condition", "example", "lines[pass].when"),
        ),
        (
            whole(replace(GOOD, approval=by(role(Role.COORDINATOR), when={"question": "gone", "answered": True}))),
            ("refused", "example", "approval.when"),
        ),
        (
            whole(product_with(LINES, tree=tree([option("a", leads_to="new")], READ))),
            ("article_and_blocks", "example", "tree.outcomes[new].article"),
        ),
    ],
)
def test_what_was_planted_is_found_in_its_place(one: Catalogue, finding: tuple[str, str, str]) -> None:
    assert finding in found(one)


def test_what_cannot_work_cannot_be_published() -> None:
    blocks = {"desk": DESK, "pass": PASS}
    assert find_product_faults(replace(GOOD, approval=by(answer_of("photo"))), blocks) == {
        "approval.approvers[0].question": "no_person_question"
    }
    assert find_product_faults(product_with([BACK, make_line("pass")]), blocks) == {"lines[0].starts": "no_wished_date"}
    faulty = replace(PASS, approval=by(answer_of("boss"), when={"question": "photo", "answered": True}))
    assert dict(find_block_faults(faulty)) == {
        "approval.approvers[0].question": "no_person_question",
        "approval.when": "unknown_question: photo",
    }
