"""What a draft is compared with: per product the published side and the side with the draft, and the requests to replay."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from portal.catalog.codec import block_as_data
from portal.catalog.definition import BlockDefinition, Definition, ProductDefinition
from portal.catalog.memory import block_definition_of, definition_of
from portal.catalog.models import BlockVersion, BuildingBlock, ProductVersion
from portal.catalog.queries import find_published_product, list_published_products, published_blocks
from portal.people.queries import departments_by_code
from portal.planning.queries import load_calendars, load_paces, load_pause_ladders
from portal.requests.models import Request, Task
from portal.simulating.replay import Recorded, Replayed, Side, replay
from portal.simulating.tally import Tally, added, tally_of

CHUNK: Final = 500
"""So many requests are replayed at a time: a few tenths of a second."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days of which the requests are replayed, both included, in the zone of the organisation."""

    since: date
    until: date
    zone: ZoneInfo

    def holds(self) -> ColumnElement[bool]:
        """Give the condition that a request was made in this period."""
        begin, end = (datetime.combine(day, time(), self.zone) for day in (self.since, self.until + timedelta(days=1)))
        return (Request.submitted_at >= begin) & (Request.submitted_at < end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The two sides per product (id). `situation_of` names products (id -> code) when the draft is a building block."""

    sides: Mapping[int, tuple[Side, Side]]
    situation_of: Mapping[int, str] | None
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A part of the requests that was replayed: up to `last_id`, and what it adds up to."""

    replayed: Sequence[Replayed]
    tally: Tally
    last_id: int
    is_last: bool


def set_stage(session: Session, definition: Definition, period: Period) -> Stage:
    """Load the two sides of a draft with what they reckon with; without a product that is published there are none."""
    if isinstance(definition, ProductDefinition):
        version = find_published_product(session, definition.code)
        drafts = {} if version is None else {version.product_id: (definition_of(version), definition)}
        return Stage(sides=_sides(session, drafts, None, period), situation_of=None, period=period)
    using = _products_with(session, definition.code)
    pairs = {version.product_id: (definition_of(version), definition_of(version)) for version in using}
    names = {version.product_id: version.code for version in using}
    return Stage(sides=_sides(session, pairs, definition, period), situation_of=names, period=period)


def count_requests(session: Session, stage: Stage) -> int:
    """Count the requests that there are to replay."""
    return session.scalar(select(func.count()).select_from(_requests(stage).subquery())) or 0


def replay_chunk(session: Session, stage: Stage, *, after: int, most: int = CHUNK) -> Chunk:
    """Replay the requests after a request (id), oldest first."""
    recorded = _read(session, stage, after=after, most=most)
    replayed = [replay(one, published=published, draft=draft) for one in recorded for published, draft in (stage.sides[one.product_id],)]
    return Chunk(
        replayed=replayed,
        tally=tally_of(replayed, situation_of=stage.situation_of, zone=stage.period.zone),
        last_id=recorded[-1].request_id if recorded else after,
        is_last=len(recorded) < most,
    )


def replay_all(session: Session, stage: Stage) -> Iterable[tuple[int, Tally]]:
    """Replay everything, part by part; each time the number of requests so far and what they add up to."""
    after, done, total, is_last = 0, 0, added({}, {}), False
    while not is_last:
        chunk = replay_chunk(session, stage, after=after)
        after, is_last = chunk.last_id, chunk.is_last
        done, total = done + len(chunk.replayed), added(total, chunk.tally)
        yield done, total


def _sides(
    session: Session, pairs: Mapping[int, tuple[ProductDefinition, ProductDefinition]], draft: BlockDefinition | None, period: Period
) -> dict[int, tuple[Side, Side]]:
    versions = published_blocks(session, {code for pair in pairs.values() for product in pair for code in product.block_codes()})
    blocks = {code: block_definition_of(version) for code, version in versions.items()}
    paces = load_paces(session, [version.block_id for version in versions.values()])
    calendars = load_calendars(session, period.zone)
    owners = {code: one.id for code, one in departments_by_code(session).items()}
    lately = load_pause_ladders(session, list(owners.values()))
    new_versions, new_blocks = dict(versions), dict(blocks)
    if draft is not None and draft.code in versions:
        new_versions[draft.code], new_blocks[draft.code] = _as_version(session, draft, versions[draft.code]), draft

    def side(product: ProductDefinition, of: Mapping[str, BlockVersion], read: Mapping[str, BlockDefinition]) -> Side:
        codes = [code for code in product.block_codes() if code in of]
        own = {code: read[code] for code in codes}
        owner_id = owners.get(product.owner)
        return Side(
            definition=product,
            versions={code: of[code] for code in codes},
            blocks=own,
            paces=paces,
            calendars=calendars,
            owner_id=owner_id,
            lately=lately.get(owner_id, {}) if owner_id is not None else {},
        )

    return {
        product_id: (side(published, versions, blocks), side(other, new_versions, new_blocks))
        for product_id, (published, other) in pairs.items()
    }


def _as_version(session: Session, draft: BlockDefinition, published: BlockVersion) -> BlockVersion:
    """Give a building block as it would be published, without storing it."""
    department = departments_by_code(session).get(draft.department)
    return BlockVersion(
        block_id=published.block_id,
        department_id=department.id if department else published.department_id,
        name=draft.name,
        norm_amount=draft.norm.amount,
        norm_unit=draft.norm.unit,
        definition=block_as_data(draft),
    )


def _products_with(session: Session, block: str) -> Sequence[ProductVersion]:
    return [version for version in list_published_products(session) if block in definition_of(version).block_codes()]


def _requests(stage: Stage) -> Select[int]:
    return select(Request.id).where(Request.product_id.in_(list(stage.sides)), stage.period.holds())


def _read(session: Session, stage: Stage, *, after: int, most: int) -> Sequence[Recorded]:
    columns = (
        Request.product_id,
        Request.product_version_id,
        Request.submitted_at,
        Request.outcome,
        Request.answers,
        Request.first_expected_at,
        Request.first_latest_at,
    )
    found = session.execute(_requests(stage).add_columns(*columns).where(Request.id > after).order_by(Request.id).limit(most)).all()
    blocks = _blocks_of(session, [row.id for row in found])
    versions = {row.product_version_id for row in found}
    then = {one.id: definition_of(one) for one in session.scalars(select(ProductVersion).where(ProductVersion.id.in_(versions)))}
    return [
        Recorded(
            request_id=row.id,
            product_id=row.product_id,
            submitted_at=row.submitted_at,
            outcome=row.outcome,
            answers={answer["code"]: answer["value"] for answer in row.answers},
            blocks=frozenset(blocks[row.id]),
            then=then[row.product_version_id],
            promised_expected_at=row.first_expected_at,
            promised_latest_at=row.first_latest_at,
        )
        for row in found
    ]


def _blocks_of(session: Session, request_ids: Sequence[int]) -> Mapping[int, set[str]]:
    blocks: dict[int, set[str]] = defaultdict(set)
    query = select(Task.request_id, BuildingBlock.code).join(BuildingBlock, BuildingBlock.id == Task.block_id)
    for row in session.execute(query.where(Task.request_id.in_(request_ids))):
        blocks[row.request_id].add(row.code)
    return blocks
