"""Every kind of mistake is planted in a good catalogue and found in its place, with a sentence in both languages."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask_babel import force_locale

from portal.catalog.agreement import ApproverKind
from portal.catalog.catalogue import Catalogue, ItemKind
from portal.catalog.definition import (
    BlockDefinition,
    ChoiceTree,
    Dependency,
    Line,
    Need,
    Option,
    Outcome,
    Privacy,
    ProductDefinition,
    Question,
    QuestionKind,
    TreeOption,
    TreeQuestion,
)
from portal.catalog.exchange.folder import read_catalogue
from portal.catalog.inspection.finding import ADVICE, Finding, FindingCode, FindingLevel
from portal.catalog.inspection.labels import SENTENCES, sentence_of
from portal.catalog.inspection.organisation import Organisation
from portal.catalog.inspection.rules import findings_of_problems, inspect_catalogue
from portal.core.texts import LocalText
from portal.core.yaml_files import Problems
from portal.people.audience import CITIZEN
from portal.people.roles import Role
from portal.planning.norm import Norm, NormUnit
from portal.planning.plan import DependencyKind
from portal.seeding.base_content import read_base
from portal.web.application import Application
from tests.catalog.examples import product_with
from tests.factories import make_line, words
from tests.seeding.seeds import SEEDS, Planted

TODAY = date(2026, 11, 23)
ORGANISATION = Organisation(
    today=TODAY,
    departments=frozenset({"ict", "personeel"}),
    with_hours=frozenset({"ict"}),
    held=frozenset({"citizen", "employee"}),
)


def question(code: str, kind: QuestionKind = QuestionKind.TEXT, *options: str, **more: object) -> Question:
    answers = tuple(Option(code=one, label=words(one)) for one in options)
    return Question(code=code, kind=kind, label=words(code), need=Need.REQUIRED, privacy=Privacy.NONE, options=answers, **more)  # type: ignore[arg-type]


def block(code: str, *questions: Question, **more: object) -> BlockDefinition:
    values: dict[str, object] = {"name": words(code), "description": words("U krijgt het."), "department": "ict"}
    values |= {"task": words("Doe het."), "checklist": ()} | more
    return BlockDefinition(code=code, norm=Norm(1, NormUnit.WORKING_DAYS), questions=questions, **values)  # type: ignore[arg-type]


def outcome(code: str, *lines: Line, go_to: str | None = None) -> Outcome:
    return Outcome(code=code, name=words(code), reason=words(code), lines=lines, go_to=go_to)


def option(code: str, *, leads_to: str | None) -> TreeOption:
    return TreeOption(code=code, label=words(code), outcome=leads_to)


def tree(options: Sequence[TreeOption], *outcomes: Outcome) -> ChoiceTree:
    return ChoiceTree(start="kind", questions=(TreeQuestion(code="kind", label=words("kind"), options=tuple(options)),), outcomes=outcomes)


COMPUTER = question("computer", QuestionKind.ONE_OF, "laptop", "desktop")
PEOPLE = question("people", QuestionKind.NUMBER, at_least=1, at_most=9)
BLOCKS = [block("desk", COMPUTER), block("pass", PEOPLE)]
LINES = [make_line("desk"), make_line("pass")]
BOTH = (option("new", leads_to="new"), option("old", leads_to="old"))
TREE = tree(BOTH, outcome("new", make_line("desk")), outcome("old", make_line("pass")))


def catalogue(
    product: ProductDefinition, blocks: Sequence[BlockDefinition] = BLOCKS, questions: Sequence[Question] = (COMPUTER, PEOPLE)
) -> Catalogue:
    return Catalogue(
        questions={one.code: one for one in questions}, blocks={one.code: one for one in blocks}, products={product.code: product}
    )


def found(whole: Catalogue) -> list[tuple[str, str, str]]:
    return [(one.code.value, one.subject.code, one.place) for one in inspect_catalogue(whole, ORGANISATION)]


def test_nothing_is_found_in_a_good_catalogue() -> None:
    assert found(catalogue(product_with(LINES))) == []
    assert found(catalogue(product_with([], tree=TREE))) == []


def only_when(condition: dict[str, object]) -> ProductDefinition:
    return product_with([make_line("desk", when=condition), make_line("pass")])


CIRCLE = tuple(Dependency(block=one, after=other, kind=DependencyKind.NEEDS) for one, other in (("desk", "pass"), ("pass", "desk")))
AWAY = tree([option("new", leads_to="new"), option("away", leads_to="away")], outcome("new"), outcome("away", go_to="gone"))
LOOSE = tree([option("new", leads_to="new"), option("old", leads_to=None)], outcome("new"))
DEAD = tree([option("new", leads_to="new")], outcome("new"), outcome("old"))
MIXED = tree(
    BOTH,
    outcome("new", make_line("desk", when={"question": "kind", "is": "old"})),
    outcome("old"),
)


@pytest.mark.parametrize(
    ("whole", "finding"),
    [
        (catalogue(product_with(LINES, dependencies=CIRCLE)), ("cycle", "example", "dependencies")),
        (catalogue(product_with(LINES, tree=DEAD)), ("unreachable", "example", "tree.outcomes[old]")),
        (catalogue(product_with(LINES, tree=LOOSE)), ("no_outcome", "example", "tree.questions[kind].options[old]")),
        (catalogue(product_with([*LINES, make_line("gone")])), ("unknown_block", "example", "lines[gone].block")),
        (catalogue(product_with(LINES, icon="unicorn")), ("refused", "example", "icon")),
        (catalogue(product_with(LINES, tree=AWAY)), ("gone_product", "example", "tree.outcomes[away].go_to")),
        (
            catalogue(product_with(LINES), [BLOCKS[0], replace(BLOCKS[1], department="moon")]),
            ("without_department", "pass", "department"),
        ),
        (
            catalogue(product_with(LINES), [BLOCKS[0], replace(BLOCKS[1], department="personeel")]),
            ("without_calendar", "pass", "department"),
        ),
        (
            catalogue(product_with([], tree=MIXED), [BLOCKS[0]], [COMPUTER]),
            ("never_holds", "example", "tree.outcomes[new].lines[desk].when"),
        ),
        (
            catalogue(
                product_with(LINES),
                [BLOCKS[0], block("pass", PEOPLE, secret := question("why", when={"question": "people", "at_least": 10}))],
                [COMPUTER, PEOPLE, secret],
            ),
            ("never_holds", "why", "when"),
        ),
        (catalogue(product_with(LINES, name=LocalText("Pas", ""))), ("missing_translation", "example", "name.en")),
        (catalogue(product_with(LINES, summary=LocalText(" ", "Pass"))), ("missing_translation", "example", "summary.nl")),
        (
            catalogue(product_with(LINES, summary=LocalText("Iets voor iedereen.", "Iets voor iedereen."))),
            ("same_translation", "example", "summary"),
        ),
        (catalogue(product_with(LINES), questions=[COMPUTER, PEOPLE, question("colour")]), ("unused_question", "colour", "")),
        (catalogue(product_with(LINES), [*BLOCKS, block("lamp")]), ("unused_block", "lamp", "")),
        (
            catalogue(product_with(LINES), questions=[COMPUTER, replace(PEOPLE, at_most=12)]),
            ("outdated_question", "pass", "questions[people]"),
        ),
        (catalogue(product_with(LINES, description=words("een " * 21))), ("long_sentence", "example", "description.nl")),
        (catalogue(product_with(LINES, description=words("De zaal wordt schoongemaakt."))), ("passive", "example", "description.nl")),
        (catalogue(product_with(LINES, conditions=(words("Indien u komt."),))), ("jargon", "example", "conditions[1].nl")),
    ],
)
def test_a_planted_mistake_is_found_in_its_place(whole: Catalogue, finding: tuple[str, str, str]) -> None:
    assert found(whole) == [finding]


@pytest.mark.parametrize(
    ("condition", "is_possible"),
    [
        ({"question": "computer", "is": "laptop"}, True),
        ({"all": [{"question": "computer", "is": "laptop"}, {"question": "computer", "is": "desktop"}]}, False),
        ({"all": [{"question": "computer", "is": "laptop"}, {"not": {"question": "computer", "answered": True}}]}, False),
        ({"question": "people", "at_least": 9}, True),
        ({"question": "people", "at_least": 10}, False),
        ({"all": [{"question": "people", "at_least": 3}, {"question": "people", "at_most": 2}]}, False),
        ({"all": [{"question": "people", "at_least": 3}, {"not": {"question": "people", "is": 3}}]}, True),
        ({"any": [{"question": "people", "at_least": 10}, {"question": "computer", "in": ["desktop"]}]}, True),
        ({"not": {"question": "computer", "in": ["laptop", "desktop"]}}, True),
    ],
)
def test_a_condition_is_told_when_no_answer_makes_it_hold(condition: dict[str, object], *, is_possible: bool) -> None:
    expected = [] if is_possible else [("never_holds", "example", "lines[desk].when")]
    assert found(catalogue(only_when(condition))) == expected


Reader = Callable[[str, str, str], list[Finding]]


@pytest.fixture
def planted(tmp_path: Path) -> Reader:
    """Give a function that plants a mistake in a copy of the seeds and reads it."""

    def read(file: str, right: str, wrong: str) -> list[Finding]:
        seeds, problems = Planted(tmp_path), Problems()
        seeds.plant(f"base/{file}", right, wrong)
        read_catalogue(seeds.folder / "base", root=seeds.folder, problems=problems)
        return list(findings_of_problems(problems.found))

    return read


@pytest.mark.parametrize(
    ("file", "right", "wrong", "code"),
    [
        ("blocks/ict.yaml", "  norm: {amount: 1, unit: working_days}\n", "", FindingCode.WITHOUT_NORM),
        ("blocks/ict.yaml", "  department: ict\n", "", FindingCode.WITHOUT_DEPARTMENT),
        ("products/werkplek.yaml", "name: {nl: Werkplek, en: Workplace}", "name: {nl: Werkplek}", FindingCode.MISSING_TRANSLATION),
        ("products/werkplek.yaml", "tier: basic", "tier: best", FindingCode.REFUSED),
    ],
)
def test_what_files_lack_is_a_finding_with_file_and_line(planted: Reader, *, file: str, right: str, wrong: str, code: FindingCode) -> None:
    (finding,) = planted(file, right, wrong)
    assert finding.code is code
    assert finding.place.startswith(f"base/{file}:")


def test_the_real_catalogue_has_no_faults() -> None:
    problems = Problems()
    base = read_base(SEEDS / "base", zone="Europe/Amsterdam", problems=problems)
    departments = frozenset(one.what.code for one in base.departments)
    teams = frozenset((one.what.code, team.code) for one in base.departments for team in one.what.teams)
    organisation = Organisation(
        today=TODAY,
        departments=departments,
        with_hours=departments,
        managed=departments,
        teams=teams,
        roles=frozenset(Role),
        held=frozenset({CITIZEN, *Role}),
        approvers=frozenset(ApproverKind),
    )
    findings = inspect_catalogue(base.catalogue.catalogue, organisation)
    assert teams
    assert not [one for one in findings if one.level is FindingLevel.FAULT]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_finding_has_a_sentence(app: Application, language: str) -> None:
    details = dict.fromkeys(("code", "reason", "text", "count", "sentence", "word", "better", "first", "last", "people"), "X")
    (example,) = inspect_catalogue(catalogue(product_with(LINES, icon="unicorn")), ORGANISATION)
    with app.app_context(), force_locale(language):
        sentences = {code: sentence_of(replace(example, code=code, details=details)) for code in FindingCode}
    assert all("%" not in sentence for sentence in sentences.values())
    assert len(set(sentences.values())) == len(FindingCode) == len(SENTENCES)
    assert set(FindingCode) > ADVICE
    assert example.subject.kind is ItemKind.PRODUCT
