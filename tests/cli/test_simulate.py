"""`portal catalog simulate`, as a catalogue manager types it on the server."""

import re

import pytest

from portal.core.db import db, transaction
from portal.people.roles import Role
from tests.applications import NewDatabase, make_app
from tests.cli.test_commands import Shell
from tests.factories import make_person
from tests.simulating.conftest import AMOUNT, PERIOD, draft_of_block, draft_with_badge, make_asked

DAYS = ("--from", PERIOD.since.isoformat(), "--until", PERIOD.until.isoformat())


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Shell:
    """Give a shell on a database with seven requests, a draft of their product and one of a building block."""
    shell = Shell(tmp_path_factory.mktemp("simulate"), new_database())
    assert shell.run("migrate").exit_code == 0
    app = make_app(shell.database_url)
    with app.app_context():
        with transaction() as session:
            version = make_asked(session)
            manager = make_person(session, Role.CATALOGUE_MANAGER)
            draft_with_badge(session, version, manager)
            draft_of_block(session, "laptop", manager, department="personeel")
        db.engine.dispose()
    return shell


def test_it_prints_dates_and_work_with_progress(shell: Shell) -> None:
    done = shell.run("catalog", "simulate", "newcomer", *DAYS)
    assert done.exit_code == 0, done.output
    assert done.stderr == f"{AMOUNT} of {AMOUNT}\n"
    assert "newcomer: version 2 (draft) beside version 1" in done.stdout
    assert re.search(rf"^{AMOUNT} requests replayed in \d+\.\d s$", done.stdout, re.MULTILINE)
    assert f"  {AMOUNT} get other tasks" in done.stdout
    assert "The middle one: 1 day later." in done.stdout
    assert re.search(r"^  ict \(en\): \d+ \(11\), \d+ \(18\)$", done.stdout, re.MULTILINE)


def test_a_building_block_too(shell: Shell) -> None:
    done = shell.run("catalog", "simulate", "laptop", "--block", *DAYS)
    assert done.exit_code == 0, done.output
    assert "laptop: version 2 (draft) beside version 1" in done.stdout
    assert f"  newcomer ({AMOUNT}): " in done.stdout
    assert re.search(r"^  personeel \(en\): \d+ \(7\), \d+ \(14\)$", done.stdout, re.MULTILINE)


def test_a_period_without_requests_is_no_mistake(shell: Shell) -> None:
    done = shell.run("catalog", "simulate", "newcomer", "--from", "2020-01-01", "--until", "2020-02-01")
    assert done.exit_code == 0, done.output
    assert "0 requests replayed" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("gone",), "There is no product 'gone'."),
        (("newcomer", "--block"), "There is no building block 'newcomer'."),
        (("badge", "--block"), "badge has no draft, so there is nothing to compare."),
        (("newcomer", "--from", "2026-11-02", "--until", "2026-11-01"), "The last day is before the first."),
        (("newcomer", "--from", "yesterday"), "'yesterday' does not match the format '%Y-%m-%d'."),
    ],
)
def test_what_cannot_be_replayed_is_told(shell: Shell, arguments: tuple[str, ...], sentence: str) -> None:
    done = shell.run("catalog", "simulate", *arguments)
    assert done.exit_code in {1, 2}
    assert sentence in done.stderr
