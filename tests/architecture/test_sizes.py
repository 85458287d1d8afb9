"""Sizes: a module, a function and a template fit in a head."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.architecture.source import PORTAL, ROOT, TEMPLATES, functions, modules, planted

MOST_LINES_MODULE: Final = 400
MOST_LINES_FUNCTION: Final = 40
MOST_LINES_TEMPLATE: Final = 80


def long_modules(texts: dict[str, str], most: int) -> list[str]:
    return [f"{name}: {len(text.splitlines())} lines" for name, text in texts.items() if len(text.splitlines()) > most]


def long_functions(name: str, text: str) -> Iterator[str]:
    for function in functions(planted(text).tree):
        length = (function.end_lineno or 0) - function.lineno + 1
        if length > MOST_LINES_FUNCTION:
            yield f"{name}.{function.name}: {length} lines"


def read_all(folder: Path, pattern: str) -> dict[str, str]:
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in sorted(folder.rglob(pattern))}


def test_modules() -> None:
    texts = {module.name: module.text for module in modules()} | read_all(ROOT / "tests", "*.py")
    assert not long_modules(texts, MOST_LINES_MODULE)


def test_functions() -> None:
    assert not [fault for module in modules() for fault in long_functions(module.name, module.text)]


def test_templates() -> None:
    assert not long_modules(read_all(TEMPLATES, "*.html") | read_all(TEMPLATES, "*.txt"), MOST_LINES_TEMPLATE)


def test_packages_are_empty() -> None:
    assert not [name for name, text in read_all(PORTAL, "__init__.py").items() if text]


def test_planted_lengths_are_found() -> None:
    assert long_modules({"a": "x\n" * 401}, MOST_LINES_MODULE)
    assert not long_modules({"a": "x\n" * 400}, MOST_LINES_MODULE)
    assert list(long_functions("a", "def f():\n" + "    x = 1\n" * 40))
    assert not list(long_functions("a", "def f():\n" + "    x = 1\n" * 39))
