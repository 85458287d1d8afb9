"""What happens to the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from portal.core.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockPublished(Event):
    """A version of a building block was published; the one before it retired."""

    type: ClassVar[str] = "block_published"
    code: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPublished(Event):
    """A version of a product was published; the one before it retired."""

    type: ClassVar[str] = "product_published"
    code: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSaved(Event):
    """A question of the library was made or changed; what it was stands in the blocks that ask it."""

    type: ClassVar[str] = "question_saved"
    is_public: ClassVar[bool] = False
    code: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpnListReplaced(Event):
    """Another list of uniform product names was taken over; so many names are new, changed and gone."""

    type: ClassVar[str] = "upn_list_replaced"
    is_public: ClassVar[bool] = False
    new: int
    changed: int
    gone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftStarted(Event):
    """A draft was begun, from an earlier version (`source`) or from nothing."""

    type: ClassVar[str] = "draft_started"
    is_public: ClassVar[bool] = False
    code: str
    number: int
    source: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftChanged(Event):
    """A draft was changed in these fields."""

    type: ClassVar[str] = "draft_changed"
    is_public: ClassVar[bool] = False
    code: str
    number: int
    fields: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftWithdrawn(Event):
    """A draft was put aside; it never came out."""

    type: ClassVar[str] = "draft_withdrawn"
    is_public: ClassVar[bool] = False
    code: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAsked(Event):
    """A draft was sent for review."""

    type: ClassVar[str] = "review_asked"
    is_public: ClassVar[bool] = False
    code: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionSentBack(Event):
    """A version is a draft again, for a reason."""

    type: ClassVar[str] = "version_sent_back"
    is_public: ClassVar[bool] = False
    code: str
    number: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionScheduled(Event):
    """A version was approved and comes out at a moment (ISO 8601)."""

    type: ClassVar[str] = "version_scheduled"
    is_public: ClassVar[bool] = False
    code: str
    number: int
    publish_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationFailed(Event):
    """A scheduled version no longer fits on its day and is a draft again; fields with codes, as the checks give them."""

    type: ClassVar[str] = "publication_failed"
    is_public: ClassVar[bool] = False
    code: str
    number: int
    faults: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRestored(Event):
    """An earlier version (`restored`) was brought back under a new number; a second person looks at it first."""

    type: ClassVar[str] = "version_restored"
    is_public: ClassVar[bool] = False
    code: str
    number: int
    restored: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLeftEmpty(Event):
    """A cell of the matrix is empty on purpose, for a reason (in each language)."""

    type: ClassVar[str] = "cell_left_empty"
    is_public: ClassVar[bool] = False
    tier: str
    level: str
    reason: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellOpenedAgain(Event):
    """It was taken back that a cell of the matrix is empty on purpose."""

    type: ClassVar[str] = "cell_opened_again"
    is_public: ClassVar[bool] = False
    tier: str
    level: str
