"""`portal catalog simulate`: replay past requests with the draft that stands in the database, and print what it changes."""

import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import click
from flask_babel import force_locale
from sqlalchemy.orm import Session

from portal.catalog.definition import CatalogueKind
from portal.catalog.memory import read_definition
from portal.catalog.publishable import find_faults
from portal.cli.installation import open_migrated_app
from portal.core.clock import utc_now
from portal.core.db import db, reading
from portal.core.errors import NotFoundError
from portal.people.queries import list_departments
from portal.planning.plan import Outlook
from portal.simulating.labels import spread_sentence
from portal.simulating.pages import drafted
from portal.simulating.stage import Period, count_requests, replay_all, set_stage
from portal.simulating.tally import DRAFT, MOVED, PROMISED, PUBLISHED, Tally, count_of, percentile, spread_of, work_of_department

LAST_YEAR: Final = timedelta(days=364)
_DAY: Final = click.DateTime(["%Y-%m-%d"])
_DAY_HOURS: Final = 8


@click.command()
@click.argument("code")
@click.option("--block", "is_block", is_flag=True, help="CODE is a building block: replay the requests of all products that use it.")
@click.option("--from", "since", type=_DAY, help="The first day; a year ago by default.")
@click.option("--until", type=_DAY, help="The last day; today by default.")
def simulate(code: str, since: datetime | None, until: datetime | None, *, is_block: bool) -> None:
    """Replay the requests of a period with the draft of CODE; nothing is stored."""
    app = open_migrated_app()
    today = utc_now().astimezone(app.settings.tz).date()
    last = until.date() if until else today
    period = Period(since.date() if since else last - LAST_YEAR, last, app.settings.tz)
    if period.until < period.since:
        message = "The last day is before the first."
        raise click.UsageError(message)
    with app.app_context(), reading(), force_locale("en"):
        for line in _report(db.session(), CatalogueKind.BLOCKS if is_block else CatalogueKind.PRODUCTS, code, period):
            click.echo(line)


def _report(session: Session, kind: CatalogueKind, code: str, period: Period) -> Iterator[str]:
    try:
        draft, published = drafted(session, kind, code)
    except NotFoundError as error:
        message = f"There is no {'building block' if kind is CatalogueKind.BLOCKS else 'product'} {code!r}."
        raise click.ClickException(message) from error
    if draft is None or published is None:
        message = f"{code} has no {'draft' if published else 'published version'}, so there is nothing to compare."
        raise click.ClickException(message)
    definition = read_definition(draft)
    if find_faults(session, definition):
        message = f"The draft of {code} has faults. Mend them first: its page in the portal names them."
        raise click.ClickException(message)
    stage = set_stage(session, definition, period)
    total = count_requests(session, stage)
    tally: Tally = {}
    begun = time.perf_counter()
    for done, so_far in replay_all(session, stage):
        click.echo(f"{done} of {total}", err=True)
        tally = so_far
    yield f"{code}: version {draft.number} ({draft.state}) beside version {published.number}, {period.since} until {period.until}"
    yield f"{count_of(tally, 'requests')} requests replayed in {time.perf_counter() - begun:.1f} s"
    yield from _counts(tally)
    yield from _dates(tally)
    yield from _work(session, tally)


def _counts(tally: Tally) -> Iterator[str]:
    words = {
        "other_tasks": "get other tasks",
        "asked_anew": "would be asked something new (left unanswered)",
        "elsewhere": "would be led to another product",
        "undated": "have no dates, because a department has no opening hours",
    }
    yield from (f"  {count_of(tally, name)} {what}" for name, what in words.items())


def _dates(tally: Tally) -> Iterator[str]:
    for outlook in Outlook:
        yield f"\nDays to the {outlook} date, the middle request: really promised, as published, with the draft"
        for situation, figures in tally.get("situations", {}).items():
            days = [percentile(figures[outlook].get(side, {})) for side in (PROMISED, PUBLISHED, DRAFT)]
            yield f"  {situation or '(all)'} ({figures['requests']}): {', '.join('-' if one is None else str(one) for one in days)}"
            yield f"    {_moves(figures[outlook].get(MOVED, {}))}"


def _moves(moved: Mapping[str, int]) -> str:
    spread = spread_of(moved)
    shares = f" Earlier {spread.earlier}, same day {spread.same}, later {spread.later}." if spread else ""
    return spread_sentence(spread) + shares


def _work(session: Session, tally: Tally) -> Iterator[str]:
    names = {str(department.id): department.name.en for department in list_departments(session)}
    yield f"\nWork by the norm, in working days of {_DAY_HOURS} hours (tasks): as published, with the draft"
    for key, weeks in tally.get("load", {}).items():
        published, draft = (work_of_department(weeks, side) for side in (PUBLISHED, DRAFT))
        yield f"  {names[key]}: {_amount(published)}, {_amount(draft)}"
        for week in sorted(weeks):
            before, after = (weeks[week].get(side, {}) for side in (PUBLISHED, DRAFT))
            if before != after:
                yield f"    {week}: {_amount(before)}, {_amount(after)}"


def _amount(work: Mapping[str, Any]) -> str:
    return f"{work.get('minutes', 0) / 60 / _DAY_HOURS:.0f} ({work.get('tasks', 0)})"
