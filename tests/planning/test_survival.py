"""The share that is done after each duration, learned from what ended and from what still lasts."""

from hypothesis import given
from hypothesis import strategies as st

from portal.planning.survival import STRETCH, Lifetime, curve_of

LIFETIMES = st.lists(st.builds(Lifetime, st.integers(0, 500), st.booleans(), st.floats(0.01, 10)), min_size=1, max_size=40)
SHARES = st.floats(0.01, 0.99)
TAILS = st.sampled_from([0.5, 1.0])


def ended(*durations: float) -> list[Lifetime]:
    return [Lifetime(one, still_lasts=False) for one in durations]


def test_without_anything_under_way_it_is_what_occurred() -> None:
    curve = curve_of(ended(3, 1, 2, 4, 5))
    assert [round(share, 9) for share in curve.done] == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert (curve.quantile(0.5), curve.quantile(0.79), curve.quantile(1.0)) == (3, 4, 5)


def test_the_example_of_the_product_limit() -> None:
    # Eight at risk, worked out by hand: 7/8, then 6/7, 3/4 of it after two that still last, then 1/2.
    lasting = [Lifetime(one, still_lasts=True) for one in (3, 4, 7, 9)]
    curve = curve_of([*ended(1, 2, 5, 8), *lasting])
    assert [round(1 - share, 6) for share in curve.done] == [0.875, 0.75, 0.5625, 0.28125]


def test_of_equal_durations_the_ended_go_first() -> None:
    assert curve_of([Lifetime(5, still_lasts=True), *ended(5)]).done == [0.5]


def test_a_weight_counts_as_so_many() -> None:
    heavy = curve_of([Lifetime(1, still_lasts=False, weight=3.0), *ended(9)])
    assert heavy.quantile(0.7) == 1
    assert heavy.quantile(0.8) == 9


def test_beyond_what_is_known_it_stretches_within_bounds() -> None:
    curve = curve_of([*ended(10), Lifetime(100, still_lasts=True)])
    assert curve.quantile(0.75) == 200
    assert curve.quantile(0.75, tail=0.5) == 100 * 2**0.5
    assert curve.quantile(0.999) == 100 * STRETCH


def test_nothing_known_takes_no_time() -> None:
    assert curve_of([]).quantile(0.8) == 0


@given(LIFETIMES, SHARES, SHARES, TAILS)
def test_a_larger_share_is_never_done_earlier(lifetimes: list[Lifetime], one: float, other: float, tail: float) -> None:
    curve = curve_of(lifetimes)
    assert curve.quantile(min(one, other), tail=tail) <= curve.quantile(max(one, other), tail=tail)


@given(LIFETIMES, SHARES, st.integers(0, 600), st.integers(0, 600), TAILS)
def test_longer_under_way_never_ends_earlier(lifetimes: list[Lifetime], share: float, one: int, other: int, tail: float) -> None:
    curve = curve_of(lifetimes)
    sooner, later = (curve.quantile_after(elapsed, share, tail=tail) for elapsed in sorted((one, other)))
    assert min(one, other) <= sooner <= later + 1e-9


@given(LIFETIMES, SHARES, st.integers(0, 500))
def test_what_still_lasts_never_makes_it_shorter_than_leaving_it_out(lifetimes: list[Lifetime], share: float, lasts: int) -> None:
    before = curve_of(lifetimes)
    after = curve_of([*lifetimes, Lifetime(lasts, still_lasts=True)])
    assert after.quantile(share) >= before.quantile(share) - 1e-9


@given(LIFETIMES, st.integers(0, 500), SHARES)
def test_one_more_that_took_longest_makes_nothing_earlier(lifetimes: list[Lifetime], longer: int, share: float) -> None:
    before = curve_of(lifetimes)
    after = curve_of([*lifetimes, *ended(before.longest + longer)])
    if before.done and share <= before.done[-1]:
        assert after.quantile(share) >= before.quantile(share) - 1e-9
