"""Reading our own source."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent.parent
PORTAL: Final = ROOT / "portal"
TEMPLATES: Final = PORTAL / "templates"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One module: its dotted name below `portal`, its text and its syntax tree."""

    name: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def feature(self) -> str:
        return self.name.partition(".")[0]

    @property
    def is_view(self) -> bool:
        return "views" in self.name.split(".")


@cache
def modules() -> tuple[Module, ...]:
    """Read all modules of the portal except migrations, such as `requests.views.follow`."""
    paths = sorted(path for path in PORTAL.rglob("*.py") if "migrations" not in path.parts)
    return tuple(Module(".".join(path.relative_to(PORTAL).with_suffix("").parts), path.read_text(encoding="utf-8")) for path in paths)


def planted(text: str, name: str = "planted.actions") -> Module:
    """Make a module with a defect, to see that a checker finds it."""
    return Module(name, text)


def functions(tree: ast.AST) -> Iterator[Function]:
    """Give all functions and methods."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Give line and dotted name of everything that is called, such as `session.commit`."""
    return ((node.lineno, ast.unparse(node.func)) for node in ast.walk(tree) if isinstance(node, ast.Call))


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Give line and dotted name of everything that is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{name.name}") for name in node.names)
