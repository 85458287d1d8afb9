"""The linters are clean, and their configuration finds what it should."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

BIN = Path(sys.executable).parent


def run(*command: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, input=text, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "command",
    [
        "ruff check portal tests hatch_build.py",
        "ruff format --check portal tests hatch_build.py",
        "mypy",
        "djlint portal/templates --lint --quiet",
    ],
)
def test_clean(command: str) -> None:
    done = run(*command.split())
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("planted", "code"),
    [
        ("import requests\n", "TID251"),
        ("def public():\n    return 1\n", "D103"),
        ("class Public:\n    pass\n", "D101"),
        ("x = 1\n", "D100"),
        ("from datetime import datetime\n\nx = datetime.now()\n", "DTZ005"),
        ("def _f(a):\n    return a\n", "ANN001"),
        ("def _f() -> None:\n    import os\n", "PLC0415"),
    ],
)
def test_a_planted_defect_is_found(planted: str, code: str) -> None:
    done = run("ruff", "check", "--output-format", "concise", "--stdin-filename", "portal/people/planted.py", "-", text=planted)
    assert code in done.stdout


def test_mypy_is_strict(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("def f(a):\n    return a\n", encoding="utf-8")
    assert run("mypy", "--cache-dir", str(tmp_path / "cache"), str(planted)).returncode != 0
