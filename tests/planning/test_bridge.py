"""Bridging: what comes after what when the tasks between are left out."""

import random
from collections.abc import Iterable
from itertools import combinations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from portal.planning.plan import Dependency, DependencyKind, bridge

NEEDS, ORDER = DependencyKind.NEEDS, DependencyKind.ORDER


def graph_of(dependencies: Iterable[Dependency]) -> "nx.DiGraph[str]":
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(f"n{number}" for number in range(6))
    graph.add_edges_from((edge.key, edge.after) for edge in dependencies)
    return graph


def test_a_bridge_is_needed_only_when_every_hop_is() -> None:
    needed, later = Dependency("b", "c", NEEDS), Dependency("b", "c", ORDER)
    assert bridge(["a", "c"], [Dependency("a", "b", NEEDS), needed]) == [Dependency("a", "c", NEEDS)]
    assert bridge(["a", "c"], [Dependency("a", "b", NEEDS), later]) == [Dependency("a", "c", ORDER)]
    assert bridge(["a", "c"], [Dependency("a", "b", ORDER), needed]) == [Dependency("a", "c", ORDER)]


def test_a_pair_is_given_once_and_as_needed_when_any_way_is() -> None:
    through_b = [Dependency("a", "b", NEEDS), Dependency("b", "c", NEEDS)]
    loosely = [Dependency("a", "b", ORDER), Dependency("b", "c", ORDER)]
    assert bridge(["a", "c"], [*through_b, Dependency("a", "c", ORDER)]) == [Dependency("a", "c", NEEDS)]
    assert bridge(["a", "c"], [*loosely, Dependency("a", "c", NEEDS)]) == [Dependency("a", "c", NEEDS)]


PAIRS = list(combinations([f"n{number}" for number in range(6)], 2))


@given(
    st.lists(st.sampled_from([None, NEEDS, ORDER]), min_size=len(PAIRS), max_size=len(PAIRS)),
    st.sets(st.sampled_from(["n1", "n2", "n3", "n4"])),
    st.randoms(use_true_random=False),
)
def test_bridges_keep_who_comes_after_whom(kinds: list[DependencyKind | None], left_out: set[str], chance: random.Random) -> None:
    dependencies = [Dependency(key, after, kind) for (after, key), kind in zip(PAIRS, kinds, strict=True) if kind]
    chance.shuffle(dependencies)
    kept = [f"n{number}" for number in range(6) if f"n{number}" not in left_out]
    bridged = bridge(kept, dependencies)
    whole, between = graph_of(dependencies), graph_of(bridged)
    for key in kept:
        assert nx.descendants(whole, key) & set(kept) == nx.descendants(between, key)
    assert len({(edge.key, edge.after) for edge in bridged}) == len(bridged)
    needs = graph_of([edge for edge in dependencies if edge.kind is NEEDS])
    for edge in bridged:
        way = needs.subgraph({edge.key, edge.after} | (set(needs) - set(kept)))
        assert edge.kind is (NEEDS if nx.has_path(way, edge.key, edge.after) else ORDER)
