"""What can be found: documents with their words, synonyms, how often products are asked, and searches without a result."""

from datetime import date

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.columns import Id, enum_column
from portal.core.db import Base
from portal.core.texts import LocalText, LocalTextType
from portal.search.rules import Shortfall

LONGEST_WORD = 60
LONGEST_SEARCH = 100


class SearchDocument(Base):
    """One thing that can be found: what its card shows, and its stems per field for the ranking, in the form of `ranking.Terms`.

    `words` are its words as they are written, each with the language; the full-text index refers to the key of this row.
    """

    __tablename__ = "search_documents"
    __table_args__ = (UniqueConstraint("kind", "code"),)

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[LocalText] = mapped_column(LocalTextType)
    summary: Mapped[LocalText] = mapped_column(LocalTextType)
    icon: Mapped[str] = mapped_column(String(30))
    parts: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    audience: Mapped[list[str]] = mapped_column(JSON)
    terms: Mapped[str] = mapped_column(Text)
    words: Mapped[list[str]] = mapped_column(JSON)


class SearchWord(Base):
    """One word of the documents as it is written, with the number of documents that hold it."""

    __tablename__ = "search_words"

    word: Mapped[str] = mapped_column(String(LONGEST_WORD), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    documents: Mapped[int]


class SearchSynonym(Base):
    """What people type, and the words of the catalogue that they mean; what `decides` weighs more than the words beside it."""

    __tablename__ = "search_synonyms"
    __table_args__ = (UniqueConstraint("typed", "means"),)

    id: Mapped[Id]
    typed: Mapped[str] = mapped_column(String(LONGEST_SEARCH))
    means: Mapped[str] = mapped_column(String(LONGEST_SEARCH))
    decides: Mapped[bool] = mapped_column(default=False)


class SearchRevision(Base):
    """One row with a number that is another one after every change of words or synonyms: processes then read them again.

    It is drawn by lot, so that a change that was undone never has the number of another one.
    """

    __tablename__ = "search_revision"

    id: Mapped[Id]
    number: Mapped[int]


class ProductUse(Base):
    """How many requests people of a department made for a product lately."""

    __tablename__ = "product_uses"

    department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    requests: Mapped[int]


class MissedSearch(Base):
    """What was typed and found nothing or little, per day and department. Who typed it is not kept."""

    __tablename__ = "searches"
    __table_args__ = (UniqueConstraint("on", "text", "department_id"),)

    id: Mapped[Id]
    on: Mapped[date]
    text: Mapped[str] = mapped_column(String(LONGEST_SEARCH))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    times: Mapped[int]
    shortfall: Mapped[Shortfall] = mapped_column(enum_column(Shortfall), default=Shortfall.NOTHING)
