"""Who gets a mail about what happened to a request. Pure."""

from datetime import datetime, timedelta
from typing import Final

STILL_NEWS: Final = timedelta(days=14)


def recipient_ids(*, customers: tuple[int | None, ...], actor_id: int | None, confirms_own_act: bool = False) -> tuple[int, ...]:
    """Give the ids of the persons who get the mail, each once.

    `customers` are the requester and the beneficiary (None: not in the portal). Who did it knows it already and
    gets no mail, except when the mail confirms what they did.
    """
    known = dict.fromkeys(person_id for person_id in customers if person_id is not None)
    return tuple(person_id for person_id in known if confirms_own_act or person_id != actor_id)


def is_news(happened_at: datetime, *, now: datetime) -> bool:
    """Tell whether it is worth a mail: history that was loaded from elsewhere is not."""
    return now - happened_at <= STILL_NEWS
