"""Bridging: what comes after what when the tasks between are left out."""

from collections.abc import Iterable

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from portal.planning.plan import Dependency, DependencyKind, bridge

NEEDS, ORDER = DependencyKind.NEEDS, DependencyKind.ORDER


def graph_of(dependencies: Iterable[Dependency]) -> "nx.DiGraph[str]":
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(f"n{number}" for number in range(8))
    graph.add_edges_from((edge.key, edge.after) for edge in dependencies)
    return graph


def test_a_bridge_is_needed_only_when_every_hop_is() -> None:
    chain = [Dependency("a", "b", NEEDS), Dependency("b", "c", NEEDS), Dependency("c", "d", ORDER)]
    assert bridge(["a", "c"], chain) == [Dependency("a", "c", NEEDS)]
    assert bridge(["a", "d"], chain) == [Dependency("a", "d", ORDER)]
    assert bridge(["a", "c"], [*chain, Dependency("a", "c", ORDER)]) == [Dependency("a", "c", NEEDS)]
    assert bridge(["a", "c"], [Dependency("a", "c", ORDER), *chain]) == [Dependency("a", "c", NEEDS)]


@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from(DependencyKind)), max_size=20),
    st.sets(st.integers(0, 7)),
)
def test_bridges_keep_who_comes_after_whom(edges: list[tuple[int, int, DependencyKind]], chosen: set[int]) -> None:
    dependencies = [Dependency(f"n{max(a, b)}", f"n{min(a, b)}", kind) for a, b, kind in edges if a != b]
    kept = [f"n{number}" for number in chosen]
    bridged = bridge(kept, dependencies)
    whole, between = graph_of(dependencies), graph_of(bridged)
    for key in kept:
        assert nx.descendants(whole, key) & set(kept) == nx.descendants(between, key)
    assert len({(edge.key, edge.after) for edge in bridged}) == len(bridged)
    needs = graph_of([edge for edge in dependencies if edge.kind is NEEDS])
    for edge in bridged:
        way = needs.subgraph({edge.key, edge.after} | (set(needs) - set(kept)))
        assert edge.kind is (NEEDS if nx.has_path(way, edge.key, edge.after) else ORDER)
