"""Event logs: read as they come, in the order in which it happened, or refused with the line."""

from datetime import UTC

import pytest

from portal.planning.eventlog import EventLogError, read_event_log

HEADER = "CaseID,ActivityID,CompleteTimestamp\n"


def read(*lines: str, header: str = HEADER) -> list[tuple[str, str, str]]:
    events = read_event_log([header, *(f"{line}\n" for line in lines)])
    return [(one.case, one.activity, one.at.astimezone(UTC).isoformat(sep=" ")[:19]) for one in events]


def test_it_is_put_in_the_order_in_which_it_happened_and_equal_moments_stay_as_they_stand() -> None:
    assert read("1,c,2026-01-03", "2,b,2026-01-02", "1,a,2026-01-02") == [
        ("2", "b", "2026-01-02 00:00:00"),
        ("1", "a", "2026-01-02 00:00:00"),
        ("1", "c", "2026-01-03 00:00:00"),
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-21T16:55:38Z", "2026-11-21 16:55:38"),
        ("2026-11-21 16:55:38.250", "2026-11-21 16:55:38"),
        ("2026-11-21 16:55:38+01:00", "2026-11-21 15:55:38"),
        ("2026/11/21 16:55:38.000", "2026-11-21 16:55:38"),
        ("21-11-2026 16:55", "2026-11-21 16:55:00"),
        ("21/11/2026 16:55:38", "2026-11-21 16:55:38"),
        ("11/21/2026 04:55:38 PM", "2026-11-21 16:55:38"),
    ],
)
def test_moments_may_be_written_in_several_ways(written: str, meant: str) -> None:
    assert read(f"1,a,{written}") == [("1", "a", meant)]


def test_day_and_month_are_told_apart_by_the_whole_file() -> None:
    assert [at for _, _, at in read("1,a,03/04/2026 10:00", "1,b,04/13/2026 10:00")] == ["2026-03-04 10:00:00", "2026-04-13 10:00:00"]


def test_other_columns_separators_and_a_mark_at_the_start_do_not_matter() -> None:
    header = '\ufeff"completetimestamp";Who;caseid;ActivityID\r\n'
    assert read("2026-01-02;Ann;7;x", "", header=header) == [("7", "x", "2026-01-02 00:00:00")]


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        (["CaseID,Activity,CompleteTimestamp"], 1, "ActivityID is missing"),
        ([HEADER], None, "no event"),
        ([], 1, "missing"),
        ([HEADER, "1,a,2026-01-02", "1,,2026-01-02"], 3, "ActivityID is empty"),
        ([HEADER, "1,a,2026-01-02", "1"], 3, "ActivityID is empty"),
        ([HEADER, "1,a,2026-01-02", "", "1,b,tomorrow"], 4, "'tomorrow' is not a moment"),
        ([HEADER, "1,a,13/13/2026 10:00"], 2, "is not a moment"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(lines: list[str], line: int | None, words: str) -> None:
    with pytest.raises(EventLogError, match=words) as caught:
        read_event_log(lines)
    assert caught.value.line == line
