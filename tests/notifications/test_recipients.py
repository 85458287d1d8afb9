"""Who gets a mail."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.notifications.recipients import STILL_NEWS, is_news, recipient_ids

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("customers", "actor", "confirms", "expected"),
    [
        ((1, 2), 9, False, (1, 2)),
        ((1, 1), 9, False, (1,)),
        ((1, None), None, False, (1,)),
        ((1, 2), 1, False, (2,)),
        ((1, 1), 1, False, ()),
        ((1, 2), 1, True, (1, 2)),
    ],
)
def test_customers_hear_what_others_did_and_get_a_confirmation_of_what_they_did(
    customers: tuple[int | None, ...], actor: int | None, expected: tuple[int, ...], *, confirms: bool
) -> None:
    assert recipient_ids(customers=customers, actor_id=actor, confirms_own_act=confirms) == expected


def test_history_that_was_loaded_from_elsewhere_is_no_news() -> None:
    assert is_news(NOW - STILL_NEWS, now=NOW)
    assert not is_news(NOW - STILL_NEWS - timedelta(seconds=1), now=NOW)
