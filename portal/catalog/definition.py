"""What a product and a building block are made of: frozen, without a database, readable from and writable to JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Any

from portal.catalog.agreement import ApprovalRule, NoReturn, Offset, Price
from portal.core.texts import LocalText
from portal.planning.norm import Norm
from portal.planning.plan import DependencyKind

Condition = Mapping[str, Any]
Answers = Mapping[str, Any]


class CatalogueKind(StrEnum):
    """What the catalogue keeps versions of."""

    PRODUCTS = "products"
    BLOCKS = "blocks"


class Tier(StrEnum):
    """Which kind of service agreement a product falls under."""

    BASIC = "basic"
    PLUS = "plus"
    SUPPLEMENTARY = "supplementary"


class Level(StrEnum):
    """Which kind of question a product answers."""

    OPERATIONAL = "operational"
    TACTICAL = "tactical"
    STRATEGIC = "strategic"


class ProductKind(StrEnum):
    """A single product, or a situation that combines building blocks."""

    SINGLE = "single"
    SITUATION = "situation"


class Theme(StrEnum):
    """The themes by which people browse."""

    WORKPLACE = "workplace"
    PEOPLE = "people"
    MEETING = "meeting"
    BUILDING = "building"
    ICT = "ict"
    COMMUNICATION = "communication"
    ADVICE = "advice"


class QuestionKind(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    YES_NO = "yes_no"
    ONE_OF = "one_of"
    SEVERAL_OF = "several_of"
    PERSON = "person"
    LOCATION = "location"
    EMAIL = "email"
    PHONE = "phone"
    FILE = "file"


class Need(StrEnum):
    """Whether something must be there; recommended warns and never blocks."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"


class Privacy(StrEnum):
    """How sensitive an answer is; retention works from it."""

    NONE = "none"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One possible answer."""

    code: str
    label: LocalText


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something a building block must know. Blocks that ask the same code share the question.

    In an order for several people what is asked `per_person` is answered for each of them, all else once.
    """

    code: str
    kind: QuestionKind
    label: LocalText
    need: Need
    privacy: Privacy
    help: LocalText | None = None
    why: LocalText | None = None
    options: tuple[Option, ...] = ()
    at_least: int | None = None
    at_most: int | None = None
    not_in_past: bool = False
    per_person: bool = False
    known: str | None = None
    when: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A building block in a bundle, with the reason it is there; `starts` holds it back to a moment of its own."""

    block: str
    need: Need
    reason: LocalText
    chosen: bool = True
    when: Condition | None = None
    starts: Offset | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """`block` comes after `after`, and when there is an `offset` this long after it."""

    block: str
    after: str
    kind: DependencyKind
    offset: Norm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeOption:
    """An answer in a choice tree: leads to another question or to an outcome, never both."""

    code: str
    label: LocalText
    help: LocalText | None = None
    next: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeQuestion:
    """One question of a choice tree, on a page of its own."""

    code: str
    label: LocalText
    help: LocalText | None = None
    options: tuple[TreeOption, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Where a choice tree ends: a bundle with a reason per line, another product to go to, or an article to read.

    An article answers the question: nothing is asked for.
    """

    code: str
    name: LocalText
    reason: LocalText
    lines: tuple[Line, ...] = ()
    go_to: str | None = None
    article: LocalText | None = None

    @property
    def is_bundle(self) -> bool:
        """Tell whether something can be asked for here."""
        return self.go_to is None and self.article is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceTree:
    """A guided choice."""

    start: str
    questions: tuple[TreeQuestion, ...]
    outcomes: tuple[Outcome, ...]

    def question(self, code: str) -> TreeQuestion:
        """Give the question with this code.

        :raises KeyError: there is none.
        """
        for question in self.questions:
            if question.code == code:
                return question
        raise KeyError(code)

    def outcome(self, code: str) -> Outcome:
        """Give the outcome with this code.

        :raises KeyError: there is none.
        """
        for outcome in self.outcomes:
            if outcome.code == code:
                return outcome
        raise KeyError(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDefinition:
    """All of one version of a product; `upn` is the URI of its uniform product name (Uniforme Productnaam).

    `related` are codes of other products. `response` is the norm for the first answer by a person, `legal_days` the
    legal term in calendar days. It may be extended `extensions` times, and reopened until `reopen_days` after its end.
    """

    code: str
    kind: ProductKind
    tier: Tier
    level: Level
    owner: str
    theme: Theme
    icon: str
    name: LocalText
    summary: LocalText
    description: LocalText
    conditions: tuple[LocalText, ...]
    audience: frozenset[str]
    lines: tuple[Line, ...]
    dependencies: tuple[Dependency, ...]
    wished_date: str | None = None
    upn: str | None = None
    tree: ChoiceTree | None = None
    approval: ApprovalRule | None = None
    related: tuple[str, ...] = ()
    response: Norm | None = None
    legal_days: int | None = None
    extensions: int = 1
    reopen_days: int = 14

    def block_codes(self) -> Sequence[str]:
        """List every building block that can be in a bundle of this product, each once, in order."""
        lines = [*self.lines, *(line for outcome in (self.tree.outcomes if self.tree else ()) for line in outcome.lines)]
        return list(dict.fromkeys(line.block for line in lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockDefinition:
    """All of one version of a building block. Without `prices` it is free.

    After the `cut_off` of a day work begins the next working day. `notice` is how long before the wished date it must be
    asked for at the latest; without a point of `no_return` it can be changed until the department starts.
    """

    code: str
    name: LocalText
    description: LocalText
    department: str
    norm: Norm
    prices: tuple[Price, ...] = ()
    task: LocalText
    checklist: tuple[LocalText, ...]
    questions: tuple[Question, ...]
    team: str | None = None
    cut_off: time | None = None
    notice: Norm | None = None
    no_return: NoReturn | None = None
    approval: ApprovalRule | None = None


Definition = ProductDefinition | BlockDefinition
