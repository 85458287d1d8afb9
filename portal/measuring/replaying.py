"""Replaying requests with a draft: how long the worker takes over it, part by part as people get it."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.catalog.definition import CatalogueKind
from portal.catalog.drafting import change_draft, start_draft
from portal.catalog.memory import block_definition_of
from portal.catalog.models import BlockVersion, BuildingBlock
from portal.catalog.queries import published_blocks
from portal.core.db import db
from portal.core.journal import SYSTEM
from portal.jobs.runner import run_due
from portal.measuring.wire import WrongAnswerError
from portal.planning.norm import Norm
from portal.requests.models import Request, Task
from portal.seeding.load.making import make_load
from portal.seeding.loading import Circumstances
from portal.simulating.actions import SIMULATE, ask_simulation
from portal.simulating.queries import get_simulation
from portal.simulating.stage import Period
from portal.simulating.workflow import SimulationState
from portal.web.application import Application

LONG_AGO: Final = timedelta(days=5 * 365)
PER: Final = 10_000
_SEED: Final = 2


def ask_longest(session: Session, *, requests: int, circumstances: Circumstances) -> tuple[str, int]:
    """Ask to replay all requests of the products with the commonest building block, with a day more; gives its code and the id.

    So many requests of these products are made first that there are at least `requests` of them.
    """
    at = circumstances.now
    block_id, code = session.execute(
        select(BuildingBlock.id, BuildingBlock.code)
        .join(Task, Task.block_id == BuildingBlock.id)
        .group_by(BuildingBlock.id, BuildingBlock.code)
        .order_by(func.count().desc(), BuildingBlock.code)
        .limit(1)
    ).one()
    of_it = select(Request.product_id).join(Task, Task.request_id == Request.id).where(Task.block_id == block_id).distinct()
    products = session.scalars(of_it).all()
    make_load(session=session, amount=requests, random_seed=_SEED, circumstances=circumstances, product_ids=products)
    published = published_blocks(session, [code])[code]
    draft = start_draft(session=session, source=published, by=SYSTEM, at=at)
    changed = replace(block_definition_of(published), norm=_a_day_more(published))
    change_draft(session=session, version=draft, definition=changed, edition=draft.edition, by=SYSTEM, at=at)
    period = Period((at - LONG_AGO).date(), at.date(), circumstances.zone)
    simulation = ask_simulation(session=session, draft=draft, published=published, period=period, by=SYSTEM, at=at)
    return code, simulation.id


def measure_replay(app: Application, asked: tuple[str, int], *, at: datetime) -> Mapping[str, Any]:
    """Let the worker do what was asked; gives the requests, the seconds it took and those for ten thousand.

    :raises WrongAnswerError: not all of it was replayed.
    """
    begun = time.perf_counter()
    while run_due(app, at=at, kinds={SIMULATE}):
        pass
    seconds = time.perf_counter() - begun
    with app.app_context():
        simulation = get_simulation(db.session(), CatalogueKind.BLOCKS, *asked)
        if simulation.state is not SimulationState.DONE or simulation.done != simulation.total or not simulation.total:
            message = f"{simulation.done} of {simulation.total} requests were replayed"
            raise WrongAnswerError(message)
        return {"requests": simulation.done, "seconds": seconds, "seconds_per_10000": seconds / simulation.done * PER}


def _a_day_more(version: BlockVersion) -> Norm:
    return Norm(version.norm_amount + 1, version.norm_unit)
