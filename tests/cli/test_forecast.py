"""`portal forecast backtest`: the figures as a table, and clear words for a file that cannot be read."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.cli.forecast import forecast
from portal.planning.samplelogs import SHAPES

HEADER = "CaseID,ActivityID,CompleteTimestamp"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    rows = [f"{case},{step},2026-{1 + case // 28:02}-{1 + case % 28:02} {8 + step * 2:02}:00" for case in range(60) for step in range(4)]
    path = tmp_path / "log.csv"
    path.write_text("\n".join([HEADER, *reversed(rows)]), encoding="utf-8")
    return path


def test_the_figures_stand_in_a_table_beside_simpler_forecasts(log: Path) -> None:
    answer = CliRunner().invoke(forecast, ["backtest", "--log", str(log)])
    assert answer.exit_code == 0, answer.output
    assert "240 events of 60 cases, 2026-01-01 to 2026-03-04" in answer.output
    assert "Scored: 177 forecasts" in answer.output
    for method in ("loket", "mean so far", "median so far", "median for the same last activity"):
        assert method in answer.output


def test_the_figures_can_be_had_as_data(log: Path) -> None:
    answer = CliRunner().invoke(forecast, ["backtest", "--log", str(log), "--json", "--with-last"])
    figures = json.loads(answer.output)
    assert (figures["cases"], figures["scored"], figures["unscored"]) == (60, 236, 4)
    assert set(figures["methods"]["loket"]) == {"off_by", "done"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"CaseID,ActivityID\n1,a\n", "log.csv, line 1: the column CompleteTimestamp is missing"),
        (f"{HEADER}\n1,a,yesterday\n".encode(), "log.csv, line 2: 'yesterday' is not a moment"),
        (f"{HEADER}\n".encode(), "log.csv: there is no event in the file"),
        (b"\xff\xfe\x00", "log.csv is not a text file in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_its_line(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    answer = CliRunner().invoke(forecast, ["backtest", "--log", str(path)])
    assert answer.exit_code == 1
    assert words in answer.output


def test_a_log_in_which_nothing_can_be_scored_says_so(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(f"{HEADER}\n1,a,2026-01-01\n", encoding="utf-8")
    answer = CliRunner().invoke(forecast, ["backtest", "--log", str(path)])
    assert answer.exit_code == 0
    assert "Nothing could be scored" in answer.output


def test_samples_are_written_and_can_be_read_again(tmp_path: Path) -> None:
    answer = CliRunner().invoke(forecast, ["samples", str(tmp_path / "logs"), "--cases", "20"])
    assert answer.exit_code == 0
    logs = sorted((tmp_path / "logs").glob("*.csv"))
    assert len(logs) == len(SHAPES) == len(answer.output.splitlines())
    again = CliRunner().invoke(forecast, ["backtest", "--log", str(logs[0]), "--json"])
    assert json.loads(again.output)["cases"] == 20
