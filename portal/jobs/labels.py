"""Words for jobs."""

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _l

from portal.core.queue import JobState

JOB_STATES: Final[Mapping[JobState, str]] = {
    JobState.QUEUED: _l("Waiting for their turn"),
    JobState.RUNNING: _l("Being done"),
    JobState.DONE: _l("Done in the last two days"),
    JobState.QUARANTINED: _l("Set apart after five attempts"),
}

JOB_KINDS: Final[Mapping[str, str]] = {
    "dispatch_event": _l("Tell others what happened"),
    "send_mail": _l("Send a mail"),
    "release_jobs": _l("Take up jobs that were left"),
    "queue_mail": _l("Send mail that waited"),
    "replan_for_calendar": _l("Plan again after a change of the opening hours"),
    "simulate": _l("Replay requests with a draft"),
    "watch_promises": _l("Watch over promises"),
    "remind_of_approvals": _l("Remind who has to approve"),
    "release_tasks": _l("Let tasks begin whose moment has come"),
    "count_use": _l("Count what each department asks most"),
    "count_figures": _l("Count the figures of the products"),
    "clean_up": _l("Clean up"),
}
