"""Words for the tabs of the queue."""

from collections.abc import Mapping
from typing import Final

from flask_babel import ngettext

from portal.backoffice.queries import MOST_COUNTED
from portal.backoffice.rules import QueueTab
from portal.web.words import _l

TAB_LABELS: Final[Mapping[QueueTab, str]] = {
    QueueTab.TO_DO: _l("To do"),
    QueueTab.LATE: _l("Late"),
    QueueTab.TODAY: _l("Due today"),
    QueueTab.WAITING: _l("Waiting for others"),
    QueueTab.SUSPENDED: _l("On hold"),
    QueueTab.MINE: _l("Mine"),
}

EMPTY_TITLES: Final[Mapping[QueueTab, str]] = {
    QueueTab.TO_DO: _l("Nothing to do now"),
    QueueTab.LATE: _l("Nothing is late"),
    QueueTab.TODAY: _l("Nothing is due today"),
    QueueTab.WAITING: _l("No task waits for another department"),
    QueueTab.SUSPENDED: _l("No task is on hold"),
    QueueTab.MINE: _l("You have no tasks"),
}

EMPTY_TEXTS: Final[Mapping[QueueTab, str]] = {
    QueueTab.TO_DO: _l("New tasks appear here by themselves. Look under “Waiting for others” to see what is coming."),
    QueueTab.LATE: _l("Everything is still within its date. Go on with what is to do."),
    QueueTab.TODAY: _l("Go on with what is to do, the most urgent task on top."),
    QueueTab.WAITING: _l("Tasks that wait for the work of another department stand here, with the date they are expected."),
    QueueTab.SUSPENDED: _l("Tasks whose clock stands still, for example because the customer has to answer a question, stand here."),
    QueueTab.MINE: _l("Take a task under “To do”: choose “Take this task”. Then it stands here."),
}


def count_words(count: int) -> str:
    """Write a count that may have been cut off."""
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)


def task_count_sentence(count: int) -> str:
    """Say how many tasks stand under a tab."""
    return str(ngettext("%(count)s task", "%(count)s tasks", count, count=count_words(count)))
