"""Texts in two languages, and moments, as columns keep them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from portal.core.columns import UtcDateTime
from portal.core.texts import LocalText, LocalTextType

DIALECTS = [sqlite.dialect(), postgresql.dialect()]


def test_any_language_but_english_reads_dutch() -> None:
    text = LocalText(nl="Stoel", en="Chair")
    assert [text.in_language(language) for language in ("nl", "en", "fr", "")] == ["Stoel", "Chair", "Stoel", "Stoel"]


@pytest.mark.parametrize("text", [LocalText(nl="a", en="b"), None])
def test_a_text_comes_back_from_its_column(text: LocalText | None) -> None:
    column = LocalTextType()
    stored = column.process_bind_param(text, DIALECTS[0])
    assert column.process_result_value(stored, DIALECTS[0]) == text


def test_both_languages_are_needed() -> None:
    with pytest.raises(KeyError):
        LocalText.from_data({"nl": "a"})


@pytest.mark.parametrize("dialect", DIALECTS, ids=["sqlite", "postgresql"])
def test_moments_are_kept_in_utc_and_come_back_aware(dialect: sqlite.dialect) -> None:  # type: ignore[valid-type]
    column = UtcDateTime()
    moment = datetime(2026, 12, 3, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    back = column.process_result_value(column.process_bind_param(moment, dialect), dialect)
    assert back == moment
    assert back is not None
    assert back.tzinfo is UTC
    assert column.process_result_value(column.process_bind_param(None, dialect), dialect) is None


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), DIALECTS[0])  # noqa: DTZ001  that is the point
