"""From a life to rows: the request, its tasks and their order, its journal with an unbroken chain, and what it teaches."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, Final

from portal.catalog.definition import Need, Privacy, Question, QuestionKind
from portal.core.journal import Event, seal_of
from portal.core.references import hash_of_code, new_token
from portal.core.texts import LocalText
from portal.requests.ordering.answers import show_answer
from portal.requests.workflow import NextKind, TaskState
from portal.seeding.load.crowd import Asker
from portal.seeding.load.life import Life
from portal.seeding.load.subjects import Happening, LoadTask
from portal.seeding.load.templates import FIRST_DAY

ORIGIN: Final = "load"

Row = dict[str, Any]

_A_DAY: Final = Question(code="day", kind=QuestionKind.DATE, label=LocalText("", ""), need=Need.OPTIONAL, privacy=Privacy.NONE)
_MOMENTS: Final = ("submitted_at", "first_expected_at", "first_latest_at", "expected_at", "latest_at", "closed_at")
_SAME: Final = (
    "id", "department_id", "handler_id", "state", "norm_minutes", "expected_minutes", "latest_minutes", "starts_at", "expected_at",
    "latest_at", "due_at", "latest_start_at", "ready_at", "running_since", "worked_minutes", "started_at", "suspended_at",
    "suspend_reason", "finished_at", "note", "version",
)  # fmt: skip


def request_row(life: Life, asker: Asker, *, beneficiary_name: str, secret: str) -> Row:
    """Give the row of the request; `beneficiary_name` is empty when it is for the asker."""
    template = life.template
    begin, seed = life.submitted_at.astimezone(life.zone).date(), new_token()
    return {
        "id": life.request_id,
        "product_id": template.product_id,
        "product_version_id": template.version_id,
        "requester_id": asker.id,
        "beneficiary_id": None if beneficiary_name else asker.id,
        "beneficiary_name": beneficiary_name or asker.facts["name"],
        "submitted_by_id": asker.id,
        "owner_id": template.owner_id,
        "outcome": template.outcome,
        "answers": [_answer(one, asker.facts, begin) for one in template.answers],
        "state": life.state,
        "wished_on": life.wished_on,
        **{name: getattr(life, name) for name in _MOMENTS},
        "next_moment_at": None if life.closed_at else life.expected_at,
        "next_kind": None if life.closed_at else NextKind.EXPECTED,
        "has_promises": False,
        "cost_cents": template.cost_cents,
        "cost_centre_id": asker.cost_centre_id,
        "tracking_hash": hash_of_code(secret=secret, seed=seed),
        "tracking_seed": seed,
        "version": life.version,
    }


def task_rows(life: Life) -> Iterator[Row]:
    """Give the rows of the tasks."""
    for position, task in enumerate(life.tasks, start=1):
        is_done = task.state is TaskState.DONE
        yield {
            **{name: getattr(task, name) for name in _SAME},
            "request_id": life.request_id,
            "position": position,
            "block_id": task.template.block_id,
            "block_version_id": task.template.block_version_id,
            "name": task.template.name,
            **task.template.costs,
            "reason": task.template.reason,
            "checklist": [{"label": point, "is_done": is_done} for point in task.template.points],
        }


def dependency_rows(life: Life) -> Iterator[Row]:
    """Give the rows that say which task comes after which."""
    for task in life.tasks:
        for place, kind in task.template.after:
            yield {"task_id": task.id, "after_id": life.tasks[place].id, "kind": kind, "lag_minutes": 0}


def journal_rows(life: Life) -> Iterator[Row]:
    """Give the history as journal rows, each sealed onto the one before it."""
    previous = ""
    for sequence, happening in enumerate(life.history, start=1):
        entry = _entry(life, happening, sequence, previous)
        previous = entry.hash = seal_of(entry)
        yield vars(entry)


def duration_rows(life: Life) -> Iterator[Row]:
    """Give what the finished tasks took."""
    for task in life.tasks:
        if task.state is TaskState.DONE:
            yield _duration(task)


def _duration(task: LoadTask) -> Row:
    return {
        "block_id": task.template.block_id,
        "department_id": task.department_id,
        "norm_minutes": task.norm_minutes,
        "minutes": task.worked_minutes,
        "finished_at": task.finished_at,
    }


def _entry(life: Life, happening: Happening, sequence: int, previous: str) -> Any:  # noqa: ANN401  a light stand-in for an entry
    return SimpleNamespace(
        stream=_stream(life),
        sequence=sequence,
        type=happening.event.type,
        data=_data(happening.event),
        at=happening.at,
        actor_id=happening.person_id,
        on_behalf_of_id=None,
        origin=None if happening.person_id is None else ORIGIN,
        is_public=happening.event.is_public,
        previous_hash=previous,
        hash="",
    )


def _data(event: Event) -> Row:
    return {one.name: getattr(event, one.name) for one in fields(event)}


def _stream(life: Life) -> str:
    return f"request:{life.request_id}"


def _answer(answer: Mapping[str, Any], facts: Mapping[str, str], begin: date) -> Mapping[str, Any]:
    """Put the asker's own facts and the dates of this request in an answer of a template."""
    value = answer["value"]
    if answer["kind"] == QuestionKind.DATE:
        day = begin + (date.fromisoformat(value) - FIRST_DAY)
        return {**answer, "value": day.isoformat(), "shown": _shown_day(day)}
    fact = facts.get(value[1:-1]) if isinstance(value, str) and value.startswith("{") else None
    return answer if fact is None else {**answer, "value": fact, "shown": {"nl": fact, "en": fact}}


@lru_cache(maxsize=4_000)
def _shown_day(day: date) -> dict[str, str]:
    return show_answer(_A_DAY, day.isoformat(), locations={}).as_data()
