"""What the check of the catalogue finds: a code, where it stands, and how bad it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from portal.catalog.catalogue import ItemKind


class FindingLevel(StrEnum):
    """A fault must be mended before people can count on it; advice makes it better."""

    FAULT = "fault"
    ADVICE = "advice"


class FindingCode(StrEnum):
    """What can be wrong with a catalogue."""

    CYCLE = "cycle"
    UNREACHABLE = "unreachable"
    NO_OUTCOME = "no_outcome"
    UNKNOWN_BLOCK = "unknown_block"
    WITHOUT_DEPARTMENT = "without_department"
    WITHOUT_NORM = "without_norm"
    WITHOUT_CALENDAR = "without_calendar"
    NEVER_HOLDS = "never_holds"
    MISSING_TRANSLATION = "missing_translation"
    GONE_PRODUCT = "gone_product"
    NOT_FOR_THEM = "not_for_them"
    UNKNOWN_UPN = "unknown_upn"
    REFUSED = "refused"
    UNKNOWN_TEAM = "unknown_team"
    ROLE_OF_NOBODY = "role_of_nobody"
    NO_PERSON_QUESTION = "no_person_question"
    NO_WISHED_DATE = "no_wished_date"
    FILE_CONDITION = "file_condition"
    ARTICLE_AND_BLOCKS = "article_and_blocks"
    TERM_WITHOUT_DATE = "term_without_date"
    WITHOUT_OWNER = "without_owner"
    OWNER_OF_NOBODY = "owner_of_nobody"
    MANAGER_OF_NOBODY = "manager_of_nobody"
    BUDGET_OF_NOBODY = "budget_of_nobody"
    AUDIENCE_GONE = "audience_gone"
    AUDIENCE_OF_NOBODY = "audience_of_nobody"
    PRICE_GAP = "price_gap"
    PRICE_ENDED = "price_ended"
    PRICE_ENDS = "price_ends"
    UNUSED_QUESTION = "unused_question"
    UNUSED_BLOCK = "unused_block"
    OUTDATED_QUESTION = "outdated_question"
    SAME_TRANSLATION = "same_translation"
    LONG_SENTENCE = "long_sentence"
    PASSIVE = "passive"
    JARGON = "jargon"


ADVICE: Final = frozenset(
    {
        FindingCode.TERM_WITHOUT_DATE,
        FindingCode.OWNER_OF_NOBODY,
        FindingCode.MANAGER_OF_NOBODY,
        FindingCode.BUDGET_OF_NOBODY,
        FindingCode.AUDIENCE_OF_NOBODY,
        FindingCode.PRICE_ENDS,
        FindingCode.UNUSED_QUESTION,
        FindingCode.UNUSED_BLOCK,
        FindingCode.OUTDATED_QUESTION,
        FindingCode.SAME_TRANSLATION,
        FindingCode.LONG_SENTENCE,
        FindingCode.PASSIVE,
        FindingCode.JARGON,
    }
)


@dataclass(frozen=True, slots=True)
class Subject:
    """The product, building block or question that a finding is about."""

    kind: ItemKind
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong; `place` is a field of the subject, `details` fill in the sentence."""

    code: FindingCode
    subject: Subject
    place: str
    details: Mapping[str, str | date] = field(default_factory=dict)

    @property
    def level(self) -> FindingLevel:
        """Tell how bad it is."""
        return FindingLevel.ADVICE if self.code in ADVICE else FindingLevel.FAULT
