"""The house rules that the source itself can show. Each checker is also seen to find a planted defect."""

import ast
from collections.abc import Callable, Iterator
from typing import Final

import pytest

from tests.architecture.source import Function, Module, calls, functions, imported, modules, planted

CLOCKS: Final = frozenset({"utc_now", "datetime.now", "datetime.today", "datetime.utcnow", "date.today", "time.time", "now", "today"})
# The outermost interfaces, which hand the moment to everything below.
READS_CLOCK: Final = ("core.clock", "web.forms", "jobs.", "cli.")
MOST_STATEMENTS: Final = 12

Checker = Callable[[Module], Iterator[str]]


def committing(module: Module) -> Iterator[str]:
    """Only core/db.py ends a transaction."""
    if module.name != "core.db":
        yield from (f"{module.name}:{line} {name}" for line, name in calls(module.tree) if name.endswith(".commit"))


def sql_in_views(module: Module) -> Iterator[str]:
    """Keep SQL out of views."""
    if module.is_view:
        yield from (f"{module.name}:{line} {name}" for line, name in imported(module.tree) if name.startswith("sqlalchemy"))
        yield from (f"{module.name}:{line} {name}" for line, name in calls(module.tree) if ".session." in name)


def long_views(module: Module) -> Iterator[str]:
    """Keep a view to at most 12 statements."""
    if module.is_view:
        for function in functions(module.tree):
            if (count := statements(function)) > MOST_STATEMENTS:
                yield f"{module.name}.{function.name}: {count} statements"


def positional_actions(module: Module) -> Iterator[str]:
    """Public actions are called with named arguments only."""
    if "actions" in module.name.split("."):
        for function in module.tree.body:
            if isinstance(function, Function) and not function.name.startswith("_"):
                places = [*function.args.posonlyargs, *function.args.args]
                if places or function.args.vararg:
                    yield f"{module.name}.{function.name}({', '.join(place.arg for place in places)})"


def clock_reading(module: Module) -> Iterator[str]:
    """Only the interfaces read the clock; everything below gets the moment."""
    if not (module.is_view or module.name.startswith(READS_CLOCK)):
        yield from (f"{module.name}:{line} {name}" for line, name in calls(module.tree) if name in CLOCKS)


def relative_imports(module: Module) -> Iterator[str]:
    """Import by the full name."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"{module.name}:{node.lineno}"


def vague_names(module: Module) -> Iterator[str]:
    """Name a module after its job."""
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "services", "service", "tools"}
    yield from (module.name for part in module.name.split(".") if part in vague)


def environment_reading(module: Module) -> Iterator[str]:
    """Only the command line reads the environment; the rest gets the settings."""
    if not module.name.startswith("cli."):
        yield from (
            f"{module.name}:{node.lineno}"
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Attribute) and ast.unparse(node) == "os.environ"
        )


def hidden_writes(module: Module) -> Iterator[str]:
    """Write in actions only: queries and rules hold no insert, update or delete."""
    if module.name.split(".")[-1] in {"queries", "policy", "pages", "labels", "rules", "workflow"}:
        writes = ("session.add", "session.delete", "session.add_all", "insert", "update", "delete")
        yield from (f"{module.name}:{line} {name}" for line, name in calls(module.tree) if name in writes)


def statements(function: Function) -> int:
    """Count the statements of a function, its docstring left out."""
    inside = sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1
    return inside - (ast.get_docstring(function) is not None)


CHECKERS: Final[dict[Checker, Module]] = {
    committing: planted("def go(session):\n    session.commit()"),
    sql_in_views: planted("from sqlalchemy import select", "x.views"),
    long_views: planted("def go():\n" + "    a = 1\n" * 13, "x.views.follow"),
    positional_actions: planted("def go(session, *, at): ..."),
    clock_reading: planted("from datetime import datetime\nat = datetime.now()", "x.rules"),
    relative_imports: planted("from .models import Person"),
    vague_names: planted("", "people.utils"),
    environment_reading: planted("import os\na = os.environ['A']"),
    hidden_writes: planted("def find(session):\n    session.add(1)", "x.queries"),
}


@pytest.mark.parametrize("checker", CHECKERS, ids=lambda checker: checker.__name__)
def test_the_source_keeps_the_rule(checker: Checker) -> None:
    faults = [fault for module in modules() for fault in checker(module)]
    assert not faults, f"{checker.__doc__} But see:\n  * " + "\n  * ".join(faults)


@pytest.mark.parametrize("checker", CHECKERS, ids=lambda checker: checker.__name__)
def test_a_planted_defect_is_found(checker: Checker) -> None:
    assert list(checker(CHECKERS[checker]))


def test_an_allowed_neighbour_is_not_found() -> None:
    assert not list(committing(planted("def go(session):\n    session.commit()", "core.db")))
    assert not list(positional_actions(planted("def go(*, session): ...\ndef _inner(session): ...")))
    assert not list(clock_reading(planted("at = utc_now()", "x.views")))
    assert not list(long_views(planted("def go():\n    'What it is for.'\n" + "    a = 1\n" * 12, "x.views")))
