"""The commands, as an operator types them."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from portal.cli.main import cli
from portal.core.revision import newest_revision
from portal.seeding.demo_account import DEMO_PASSWORD
from tests.conftest import NewDatabase

PORTAL = Path(sys.executable).with_name("portal")


class Shell:
    """Runs `portal` in a folder of its own, with settings of its own."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.database_url = database_url

    def run(self, *arguments: str, given: str | None = None, **settings: str) -> Result:
        """Run a command to its end, in this process."""
        ours = {name: None for name in os.environ if name.startswith("PORTAL_")}
        environment = ours | {"PORTAL_DATABASE_URL": self.database_url} | settings
        result = CliRunner().invoke(cli, arguments, env=environment, input=given)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def start(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        """Start a command that goes on, as a process."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        environment = plain | {"PYTHONUNBUFFERED": "1", "PORTAL_DATABASE_URL": self.database_url} | settings
        return subprocess.Popen(
            [PORTAL, *arguments], cwd=self.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )


@pytest.fixture
def shell(tmp_path: Path, new_database: NewDatabase) -> Shell:
    """Give a shell on an empty database."""
    return Shell(tmp_path, new_database())


@pytest.fixture
def ready(shell: Shell) -> Shell:
    """Give a shell on a migrated database."""
    assert shell.run("migrate").exit_code == 0
    return shell


def add_user(shell: Shell, username: str = "yara", given: str = "a good password\n") -> Result:
    arguments = ("--name", "Yara Voorbeeld", "--email", "yara@loket.example", "--role", "administrator", "--language", "en")
    return shell.run("user", "add", username, *arguments, given=given)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answer_of(port: int, seconds: float = 40) -> int:
    """Ask for the health page until it answers."""
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
                return int(answer.status)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


@contextmanager
def running(shell: Shell, *arguments: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command as a process, and stop it as a service manager does; its output is asked for with `output_of`."""
    process = shell.start(*arguments, **settings)
    try:
        yield process
    except OSError as error:
        pytest.fail(f"{error}; the command said:\n{output_of(process)}")
    finally:
        if process.stdout and not process.stdout.closed:
            output_of(process)


def output_of(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGTERM)
    words, _ = process.communicate(timeout=40)
    return words


@contextmanager
def serving(shell: Shell, **settings: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = free_port()
    with running(shell, "serve", PORTAL_PORT=str(port), **settings) as process:
        yield process, port


def jobs_done(shell: Shell) -> int:
    engine = create_engine(shell.database_url)
    with engine.connect() as connection:
        number = int(connection.execute(text("SELECT count(*) FROM jobs WHERE state = 'done'")).scalar_one())
    engine.dispose()
    return number


def wait_for_jobs(shell: Shell, number: int) -> None:
    for _ in range(300):
        if jobs_done(shell) >= number:
            return
        time.sleep(0.1)
    pytest.fail("the jobs are not done")


def children_of(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def test_help_names_every_command() -> None:
    words = CliRunner().invoke(cli, ["--help"]).output
    for name in ("serve", "worker", "migrate", "seed", "catalog", "user", "settings", "audit", "backup", "bench"):
        assert f"  {name} " in words


@pytest.mark.parametrize(
    ("settings", "sentences"),
    [
        ({"PORTAL_MODE": "x", "PORTAL_PORT": "abc", "PORTAL_COLOUR": "red"}, ("PORTAL_MODE", "PORTAL_PORT", "PORTAL_COLOUR")),
        ({"PORTAL_MODE": "production"}, ("PORTAL_SECRET_KEY",)),
    ],
)
def test_wrong_settings_are_all_told_at_once(shell: Shell, settings: Mapping[str, str], sentences: tuple[str, ...]) -> None:
    done = shell.run("serve", **settings)
    assert done.exit_code == 2
    assert all(sentence in done.stderr for sentence in sentences)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [("serve",), ("worker",), ("audit",), ("user", "list")])
def test_a_database_that_was_not_migrated_is_told(shell: Shell, command: tuple[str, ...]) -> None:
    done = shell.run(*command)
    assert done.exit_code == 1
    assert "Run: portal migrate" in done.stderr


def test_a_database_that_is_away_is_told_without_its_password(shell: Shell) -> None:
    address = "postgresql+psycopg://loket:geheim@127.0.0.1:1/loket"
    for command in ("serve", "migrate"):
        done = shell.run(command, PORTAL_DATABASE_URL=address)
        assert done.exit_code == 1
        assert "does not answer" in done.stderr
        assert "geheim" not in done.stderr
        assert "Traceback" not in done.stderr


def test_migrating_up_and_down(shell: Shell) -> None:
    assert f"revision {newest_revision()}" in shell.run("migrate").stdout
    assert "base (empty)" in shell.run("migrate", "--down", "base").stdout
    assert "revision 0001" in shell.run("migrate", "--to", "0001").stdout
    unknown = shell.run("migrate", "--to", "9999")
    assert unknown.exit_code == 1
    assert "Traceback" not in unknown.stderr


def test_people_are_added_and_listed(ready: Shell) -> None:
    assert add_user(ready).exit_code == 0
    assert json.loads(ready.run("user", "list", "--json").stdout) == [
        {
            "username": "yara",
            "name": "Yara Voorbeeld",
            "roles": ["administrator"],
            "department": None,
            "language": "en",
            "email": "yara@loket.example",
        }
    ]
    assert "yara" in ready.run("user", "list").stdout
    assert "already somebody called yara" in add_user(ready).stderr
    assert "at least" in add_user(ready, "noor", given="short\n").stderr
    assert "no role king" in ready.run("user", "add", "x", "--name", "X", "--email", "x@x", "--role", "king", given="long enough\n").stderr


def test_a_new_password(ready: Shell) -> None:
    add_user(ready)
    assert ready.run("user", "password", "yara", given="another password\n").exit_code == 0
    assert "nobody called noor" in ready.run("user", "password", "noor", given="another password\n").stderr


def test_settings_are_shown_without_secrets(shell: Shell) -> None:
    address = "postgresql+psycopg://loket:geheim@127.0.0.1/loket"
    words = shell.run("settings", PORTAL_DATABASE_URL=address, PORTAL_SECRET_KEY="s" * 40, PORTAL_MAIL_PASSWORD="m" * 40).stdout
    assert "PORTAL_ZONE=Europe/Amsterdam" in words
    assert "geheim" not in words
    assert "ssss" not in words
    assert "mmmm" not in words


def test_the_audit_sees_a_changed_entry(ready: Shell) -> None:
    assert "0 streams" in ready.run("audit").stdout
    engine = create_engine(ready.database_url)
    columns = "stream, sequence, type, data, at, is_public, previous_hash, hash"
    with engine.begin() as connection:
        connection.execute(
            text(f"INSERT INTO journal ({columns}) VALUES ('request:1', 1, 'x', '{{}}', '2026-11-23 09:00:00', TRUE, '', 'wrong')")
        )
    engine.dispose()
    done = ready.run("audit")
    assert done.exit_code == 1
    assert "request:1" in done.stderr


def test_a_backup_holds_everything_and_overwrites_nothing(ready: Shell) -> None:
    add_user(ready)
    copy = ready.folder / "copy.db"
    done = ready.run("backup", str(copy))
    if ready.database_url.startswith("postgresql"):
        assert done.exit_code == 1
        assert "pg_dump" in done.stderr
        return
    assert done.exit_code == 0
    with closing(sqlite3.connect(copy)) as connection:
        assert [row[0] for row in connection.execute("SELECT username FROM persons")] == ["yara"]
    assert "exists already" in ready.run("backup", str(copy)).stderr
    assert "could not be written" in ready.run("backup", str(ready.folder / "nowhere" / "copy.db")).stderr


def test_serving_prints_the_address_does_the_jobs_and_stops_cleanly(ready: Shell) -> None:
    with serving(ready) as (process, port):
        assert answer_of(port) == 200
        wait_for_jobs(ready, 3)
        words = output_of(process)
    assert process.returncode == 0
    assert re.search(rf"http://127\.0\.0\.1:{port}\b", words)
    assert "Traceback" not in words


def test_production_refuses_demo_accounts(ready: Shell) -> None:
    add_user(ready, given=f"{DEMO_PASSWORD}\n")
    done = ready.run("serve", PORTAL_MODE="production", PORTAL_SECRET_KEY="s" * 40)
    assert done.exit_code == 1
    assert "demo accounts" in done.stderr


def test_a_port_in_use_is_told(ready: Shell) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = ready.run("serve", PORTAL_PORT=str(taken.getsockname()[1]))
    assert done.exit_code == 1
    assert "Choose another one with PORTAL_PORT" in done.stderr


def test_without_the_worker_no_jobs_are_done(ready: Shell) -> None:
    with serving(ready, PORTAL_WORKER="no") as (_, port):
        assert answer_of(port) == 200
        time.sleep(1)
        assert jobs_done(ready) == 0


def test_of_two_processes_one_does_the_jobs_and_the_other_takes_over_when_it_dies(ready: Shell) -> None:
    with serving(ready, PORTAL_WORKERS="2") as (process, port):
        answer_of(port)
        wait_for_jobs(ready, 3)
        for child in children_of(process.pid):
            os.kill(child, signal.SIGKILL)
        engine = create_engine(ready.database_url)
        with engine.begin() as connection:
            connection.execute(text("UPDATE jobs SET state = 'queued', attempts = 0"))
        engine.dispose()
        assert answer_of(port) == 200
        wait_for_jobs(ready, 3)


def test_the_worker_process_does_the_jobs_and_stops_on_sigterm(ready: Shell) -> None:
    with running(ready, "worker") as process:
        wait_for_jobs(ready, 3)
        words = output_of(process)
    assert process.returncode == 0
    assert "The worker has stopped." in words
