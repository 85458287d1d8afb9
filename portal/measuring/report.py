"""The figures as a table that people read."""

from collections.abc import Iterator, Mapping
from typing import Any

Figures = Mapping[str, Any]


def write_report(results: Mapping[str, Figures]) -> str:
    """Write one table per database."""
    return "\n".join(line for kind, figures in results.items() for line in _lines(kind, figures))


def _lines(kind: str, figures: Figures) -> Iterator[str]:
    load = figures["load"]
    yield f"\n{kind}: {load['requests']:,} requests, {load['tasks']:,} tasks, {load['journal']:,} journal entries"
    yield f"  seeded in {load['base_seconds']:.1f} s, loaded in {load['load_seconds']:.1f} s"
    yield (
        f"  {figures['workers']} web processes, {figures['connections']} connections;"
        f" first answer after {figures['start_seconds']:.2f} s, {figures['memory_mb']:.0f} MB PSS"
    )
    yield ""
    yield f"  {'':<22}{'per second':>11}{'of floor':>10}{'p50 ms':>9}{'p95 ms':>9}{'alone ms':>10}{'SQL':>5}{'kB gz':>7}"
    yield _row("floor page", figures["floor"])
    for name, page in figures["pages"].items():
        yield _row(f"{name} page", page)
    bare, submit = figures["bare_sql"], figures["submit"]
    yield _row(f"submit, {submit['tasks']} tasks", submit)
    yield _row("the same in bare SQL", bare)
    yield f"  bare SQL writes {submit['times_bare_sql']:.1f} times as many"
    search = figures["search"]
    yield _row(f"search, {search['documents']:,} docs", search)
    replan = figures["replan"]
    yield (
        f"  planning again after an event, {replan['open_requests']:,} open requests:"
        f" p50 {replan['p50_ms']:.1f} ms, p95 {replan['p95_ms']:.1f} ms"
    )
    replay = figures["replay"]
    per = f"{replay['seconds_per_10000']:.1f} s per 10,000"
    yield f"  replaying {replay['requests']:,} requests with a draft: {replay['seconds']:.1f} s, {per}"
    for path, view in figures["first_view"].items():
        yield f"  first view of {path}: {view['total_bytes'] / 1000:.1f} kB gz in {view['requests']} requests"


def _row(name: str, figures: Figures) -> str:
    def shown(key: str, width: int, decimals: int = 0, by: float = 1) -> str:
        return f"{figures[key] / by:>{width}.{decimals}f}" if key in figures else " " * width

    return (
        f"  {name:<22}{shown('per_second', 11)}{shown('of_floor', 10, 2)}{shown('p50_ms', 9, 1)}{shown('p95_ms', 9, 1)}"
        f"{shown('alone_ms', 10, 1)}{shown('statements', 5)}{shown('bytes', 7, 1, 1000)}"
    )
