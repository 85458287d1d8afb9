"""What stands in the documents: every setting, only what there is, and nothing of the machine it was written on."""

import re
import subprocess
from dataclasses import fields
from typing import Final

import pytest

from portal.settings import Settings, SettingsError, read_settings
from tests.architecture.source import ROOT

_OWN_MACHINE: Final = re.compile(r"(?<![\w.])/(work|home/\w+|Users/\w+|root)/")
_TEXT: Final = (".py", ".md", ".html", ".txt", ".toml", ".yaml", ".yml", ".css", ".js", ".json", ".po", ".cfg", ".ini", ".sh")


def undocumented(document: str) -> list[str]:
    names = (f"PORTAL_{field.name.upper()}" for field in fields(Settings))
    return [name for name in names if f"`{name}`" not in document]


def unknown(document: str) -> set[str]:
    known = {f"PORTAL_{field.name.upper()}" for field in fields(Settings)}
    return set(re.findall(r"`(PORTAL_[A-Z_]+)`", document)) - known - {"PORTAL_TEST_POSTGRESQL"}


def gone(text: str) -> list[str]:
    return [name for name in re.findall(r"`((?:portal|seeds|docs|tests)/[\w/.]+)`", text) if not (ROOT / name).exists()]


def own_paths(text: str) -> list[str]:
    return [match[0] for match in _OWN_MACHINE.finditer(text)]


def test_every_setting_is_documented() -> None:
    document = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    assert not undocumented(document)
    assert not unknown(document)


def test_every_setting_says_what_it_is_about() -> None:
    assert all(field.metadata.get("about") for field in fields(Settings))


def test_the_map_names_what_there_is() -> None:
    assert not gone((ROOT / "docs" / "contributors.md").read_text(encoding="utf-8"))


def test_nothing_of_one_machine_is_kept() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split("\n")
    faults = {
        name: own_paths((ROOT / name).read_text(encoding="utf-8")) for name in listed if name.endswith(_TEXT) and (ROOT / name).exists()
    }
    assert not {name: paths for name, paths in faults.items() if paths and not name.endswith("test_documents.py")}


def test_planted_defects_are_found() -> None:
    assert "PORTAL_PORT" in undocumented("`PORTAL_MODE`")
    assert unknown("`PORTAL_NONSENSE` and `PORTAL_PORT`") == {"PORTAL_NONSENSE"}
    assert gone("`portal/app.py`, `portal/gone.py` and `docs/`") == ["portal/gone.py"]
    assert own_paths("see /home/noor/loket and /work/x") == ["/home/noor/", "/work/"]
    assert not own_paths("https://loket.example/work/ and /sign-in")


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as error:
        read_settings({"PORTAL_PORT": "x", "PORTAL_MODE": "test", "PORTAL_NONSENSE": "1", "PORTAL_ZONE": "Mars/Base", "PATH": "/bin"})
    for name in ("PORTAL_PORT", "PORTAL_MODE", "PORTAL_NONSENSE", "PORTAL_ZONE"):
        assert name in str(error.value)


def test_production_refuses_the_default_secret() -> None:
    with pytest.raises(SettingsError, match="PORTAL_SECRET_KEY"):
        read_settings({"PORTAL_MODE": "production"})
    assert read_settings({"PORTAL_MODE": "production", "PORTAL_SECRET_KEY": "x" * 32}).is_production


def test_what_is_set_is_read() -> None:
    settings = read_settings(
        {"PORTAL_PORT": " 9000 ", "PORTAL_MAIL_TLS": "yes", "PORTAL_WORKER": "0", "PORTAL_BASE_URL": "https://a.example"}
    )
    assert (settings.port, settings.mail_tls, settings.worker, settings.base_url) == (9000, True, False, "https://a.example")
