"""Dates, moments, durations and money as people read them."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask_babel import force_locale

from portal.core.texts import LocalText
from portal.web import filters
from portal.web.application import Application
from portal.web.language import current_language, local

EVENING = datetime(2026, 12, 3, 23, 30, tzinfo=UTC)  # in Amsterdam half past midnight, the next day
AFTERNOON = datetime(2026, 7, 1, 14, 5, tzinfo=UTC)  # summer time


@pytest.mark.parametrize(
    ("language", "write", "value", "words"),
    [
        ("nl", filters.day, date(2026, 12, 3), "donderdag 3 december 2026"),
        ("en", filters.day, date(2026, 12, 3), "Thursday 3 December 2026"),
        ("nl", filters.day, EVENING, "vrijdag 4 december 2026"),
        ("nl", filters.short_day, date(2026, 12, 3), "do 3 dec"),
        ("en", filters.short_day, date(2026, 12, 3), "Thu 3 Dec"),
        ("nl", filters.short_day, EVENING, "vr 4 dec"),
        ("nl", filters.moment, AFTERNOON, "wo 1 jul, 16.05 uur"),
        ("en", filters.moment, AFTERNOON, "Wed 1 Jul, 16:05"),
        ("nl", filters.moment, EVENING, "vr 4 dec, 00.30 uur"),
        ("nl", filters.clock, AFTERNOON, "16.05 uur"),
        ("en", filters.clock, AFTERNOON, "16:05"),
        ("nl", filters.money, 123450, "€\u00a01.234,50"),
        ("en", filters.money, 5, "€\u00a00.05"),
        ("en", filters.minutes, 480, "1 working day"),
        ("en", filters.minutes, 1440, "3 working days"),
        ("en", filters.minutes, 60, "1 working hour"),
        ("en", filters.minutes, 479, "8 working hours"),
        ("en", filters.minutes, 20, "less than an hour"),
    ],
)
def test_values_are_written_as_people_write_them(
    app: Application, language: str, write: Callable[[object], str], value: object, words: str
) -> None:
    with app.test_request_context(), force_locale(language):
        assert write(value) == words


def test_texts_follow_the_language_of_the_page(app: Application) -> None:
    text = LocalText(nl="Stoel", en="Chair")
    with app.test_request_context():
        for language, words in (("nl", "Stoel"), ("en", "Chair")):
            with force_locale(language):
                assert (current_language(), local(text)) == (language, words)


def test_mail_without_a_request_uses_the_language_it_is_told(app: Application) -> None:
    with app.app_context():
        assert current_language() == "nl"
        with force_locale("en"):
            assert current_language() == "en"
