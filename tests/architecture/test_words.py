"""Words: every state people see has a word, every event a listener or a reason, every sentence a translation."""

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from io import BytesIO
from types import ModuleType
from typing import Any, Final

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import portal
from portal.core.journal import Event
from portal.subscriptions import SILENT, SUBSCRIPTIONS
from tests.architecture.source import PORTAL, ROOT

METHODS: Final = [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
KEYWORDS: Final = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
    "_l": None,
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

# Codes that no person reads, each with the reason.
NOT_SHOWN: Final[Mapping[str, str]] = {
    "Belonging": "the beginning of a token of an audience; the editor words each group",
    "Change": "told by a command",
    "Deed": "the words of the history in the demo data",
    "DependencyKind": "drawn as an arrow",
    "ForWhom": "the form itself words its choices",
    "MessageKind": "chooses the look of a line of the conversation; the words stand with it",
    "NextStep": "chooses which button a page shows; the words stand on the button",
    "Only": "chooses what a list holds; the words stand on the page",
    "Outlook": "chooses which sentence a page shows",
    "PlanFault": "a mistake in the catalogue; its message names the tasks",
    "Scope": "chooses what a list holds",
    "SimulationStep": "what happens to a simulation; the page words the state it leads to",
    "Source": "chooses which sentence a page shows",
    "PromiseStep": "what a button does; the words stand on the button",
    "StepMove": "what a button does; the words stand on the button",
    "TaskStep": "what a button does; the words stand on the button",
    "Stage": "the places of an order in its address",
    "UploadKind": "the form itself words its choices",
    "Writing": "the form itself words its choices",
    "VersionStep": "chooses which buttons a page shows; the words stand on the buttons",
}


@cache
def all_modules() -> tuple[ModuleType, ...]:
    names = [found.name for found in pkgutil.walk_packages(portal.__path__, "portal.") if ".migrations" not in found.name]
    return tuple(importlib.import_module(name) for name in names)


def enums() -> set[type[StrEnum]]:
    return {kind for kind in _subclasses(StrEnum) if kind.__module__.startswith("portal.")}


def events() -> set[type[Event]]:
    # Not by subclasses: a dataclass with slots leaves the class it was made from behind.
    found = {value for module in all_modules() for value in vars(module).values() if isinstance(value, type)}
    return {kind for kind in found if issubclass(kind, Event) and kind.__module__.startswith("portal.") and hasattr(kind, "type")}


def _subclasses(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from _subclasses(one)


def tables_of_words(modules: Iterable[ModuleType]) -> list[Mapping[Any, Any]]:
    tables = [value for module in modules if "labels" in module.__name__ for value in vars(module).values() if isinstance(value, Mapping)]
    return [table for table in tables if table and all(isinstance(key, StrEnum) for key in table)]


def members_without_word(kinds: Iterable[type[StrEnum]], tables: Iterable[Mapping[Any, Any]]) -> set[str]:
    """Find the members that a table of words for their kind leaves out, and the kinds without any table."""
    of_kind: dict[type, list[set[Any]]] = {}
    for table in tables:
        of_kind.setdefault(type(next(iter(table))), []).append(set(table))
    missing = {kind.__name__ for kind in kinds if kind not in of_kind}
    complete = {kind for kind, found in of_kind.items() if any(keys >= set(kind) for keys in found)}  # type: ignore[call-overload]
    return missing | {f"{kind.__name__}, not all members" for kind in of_kind.keys() - complete if kind in set(kinds)}


def unheard(kinds: Iterable[type[Event]], heard: Iterable[str], silent: Iterable[str]) -> set[str]:
    return {kind.type for kind in kinds} - set(heard) - set(silent)


@cache
def sentences() -> frozenset[str]:
    """Collect the English source sentences of code and templates."""
    found = extract_from_dir(str(PORTAL), METHODS, keywords=KEYWORDS)
    return frozenset(message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found)


def faults_of_catalogue(catalogue: Catalog, wanted: Iterable[str]) -> list[str]:
    faults = []
    for sentence in wanted:
        message = catalogue.get(sentence)
        words = [] if message is None else [message.string] if isinstance(message.string, str) else list(message.string)
        if not words or not all(words):
            faults.append(f"missing: {sentence}")
        elif message and message.fuzzy:
            faults.append(f"fuzzy: {sentence}")
        elif message:
            faults += [f"{error}: {sentence}" for error in message.check(catalogue)]
    return faults


def read_catalogue(language: str) -> Catalog:
    path = ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def test_every_state_has_its_word() -> None:
    tables = tables_of_words(all_modules())
    shown = {kind for kind in enums() if kind.__name__ not in NOT_SHOWN}
    assert not members_without_word(shown, tables)


def test_what_is_not_shown_exists() -> None:
    all_modules()
    assert NOT_SHOWN.keys() <= {kind.__name__ for kind in enums()}


def test_every_event_is_heard_or_silent_for_a_reason() -> None:
    kinds = events()
    assert kinds
    assert not unheard(kinds, SUBSCRIPTIONS, SILENT)
    assert not (SUBSCRIPTIONS.keys() | SILENT.keys()) - {kind.type for kind in kinds}
    assert not SUBSCRIPTIONS.keys() & SILENT.keys()
    assert all(SILENT.values())


def test_event_types_are_unique() -> None:
    types = [kind.type for kind in events()]
    assert sorted(types) == sorted(set(types))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_sentence_is_translated(language: str) -> None:
    faults = faults_of_catalogue(read_catalogue(language), sorted(sentences()))
    assert not faults, f"{len(faults)} sentences:\n" + "\n".join(faults[:50])


def differing(written: Catalog, compiled: Catalog) -> list[str]:
    """Find the sentences that the compiled catalogue, which the portal reads, words in another way."""
    pairs = [(message, compiled.get(message.id)) for message in written if message.id]
    return [str(one.id) for one, other in pairs if other is None or list(other.string) != list(one.string)]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_compiled_words_are_the_written_ones(language: str) -> None:
    with (ROOT / "translations" / language / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        compiled = read_mo(file)
    assert not differing(read_catalogue(language), compiled), "compile them again: make install"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_translation_is_left_over(language: str) -> None:
    kept = {message.id[0] if isinstance(message.id, (tuple, list)) else message.id for message in read_catalogue(language) if message.id}
    left_over = sorted(kept - sentences())
    assert not left_over


def test_english_says_what_the_source_says() -> None:
    differing = [
        message.id for message in read_catalogue("en") if isinstance(message.id, str) and message.id and message.string != message.id
    ]
    assert not differing


def lines_with_hebt(texts: Iterable[str]) -> list[str]:
    """Find where Dutch says "u hebt": people read one form everywhere, "u heeft"."""
    return [line.strip() for text in texts for line in text.splitlines() if re.search(r"\bhebt\b", line, re.IGNORECASE)]


def test_dutch_has_one_form_of_having() -> None:
    words = (
        string for message in read_catalogue("nl") for string in ([message.string] if isinstance(message.string, str) else message.string)
    )
    seeds = (path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").rglob("*.yaml")))
    assert not lines_with_hebt([*words, *seeds])
    assert lines_with_hebt(["Goed.\nHebt u vragen?", "U heeft."]) == ["Hebt u vragen?"]


class Planted(StrEnum):
    ONE = "one"
    TWO = "two"


def test_planted_defects_are_found() -> None:
    assert members_without_word([Planted], []) == {"Planted"}
    assert members_without_word([Planted], [{Planted.ONE: "1"}]) == {"Planted, not all members"}
    assert not members_without_word([Planted], [{Planted.ONE: "1"}, {Planted.ONE: "1", Planted.TWO: "2"}])
    kind = next(iter(events() or [Event]))
    assert unheard([kind], [], []) == {kind.type}
    parts = [
        b'msgid "A"\nmsgstr "a"',
        b'#, fuzzy\nmsgid "B"\nmsgstr "b"',
        b'msgid "C"\nmsgstr ""',
        b'#, python-format\nmsgid "%(x)s"\nmsgstr "%(y)s"',
    ]
    source = b"\n\n".join(parts)
    faults = faults_of_catalogue(read_po(BytesIO(source), locale="nl"), ["A", "B", "C", "D", "%(x)s"])
    assert [fault.rpartition(": ")[2] for fault in faults] == ["B", "C", "D", "%(x)s"]
    written, compiled = Catalog("nl"), Catalog("nl")
    written.add("A", "a")
    assert differing(written, compiled) == ["A"]
    assert "Sign in" in sentences()
