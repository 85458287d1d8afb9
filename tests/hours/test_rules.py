"""Opening hours as people type them."""

import pytest

from portal.hours.rules import HoursError, HoursFault, parse_spans, write_spans


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("08:00-17:00", "08:00-17:00"),
        (" 8.30 \u2013 12.00 ,13-17 ", "08:30-12:00, 13:00-17:00"),
        ("13:00-17:00 en 08:00 tot 12:30", "08:00-12:30, 13:00-17:00"),
        ("00:00-24:00", "00:00-24:00"),
        ("", ""),
    ],
)
def test_hours_are_read_and_written(typed: str, written: str) -> None:
    assert write_spans(parse_spans(typed)) == written
    assert write_spans(parse_spans(written)) == written


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("all day", HoursFault.UNREADABLE),
        ("08:60-17:00", HoursFault.UNREADABLE),
        ("08:00-24:30", HoursFault.UNREADABLE),
        ("17:00-08:00", HoursFault.REVERSED),
        ("09:00-09:00", HoursFault.REVERSED),
        ("08:00-12:30, 12:00-17:00", HoursFault.OVERLAP),
    ],
)
def test_hours_that_cannot_be_say_why(typed: str, fault: HoursFault) -> None:
    with pytest.raises(HoursError) as error:
        parse_spans(typed)
    assert error.value.fault is fault
