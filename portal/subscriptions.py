"""ONE table: event type -> handlers. A handler runs in the worker, after the commit, in one transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from portal.core.journal import JournalEntry

Handler = Callable[[Session, JournalEntry, datetime], None]

SUBSCRIPTIONS: Final[Mapping[str, tuple[Handler, ...]]] = {}
