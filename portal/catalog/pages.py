"""What the pages of the catalogue show: cards, the matrix, and a product with its bundle in order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Final

from sqlalchemy.orm import Session

from portal.catalog import labels, price_labels
from portal.catalog.approval_pages import Approvals
from portal.catalog.definition import ProductDefinition, ProductKind, Theme
from portal.catalog.lead_time import BlockTime, LeadTime, Waits, block_time, lead_time
from portal.catalog.memory import block_definition_of, definition_of, variants_of
from portal.catalog.models import BlockVersion, ProductVersion, UpnName
from portal.catalog.prices import Bill, bill_of, coming_prices, price_on
from portal.catalog.queries import block_outlines, names_of_products, published_blocks
from portal.catalog.variants import Presence, Stretch, Variant, VariantLine, place_blocks
from portal.core.texts import LocalText
from portal.planning.picture import Bar, Tick
from portal.planning.queries import Calendars, load_paces
from portal.web.language import local
from portal.web.words import _

Blocks = Mapping[str, BlockVersion]

MOST_TICKS: Final = 5
_FULL: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A product in a list; `line` says when it is ready, if that is known; the departments are responsible for it or work on it."""

    version: ProductVersion
    line: str | None
    department_ids: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRow:
    """A building block in the bundle of a product."""

    name: LocalText
    description: LocalText
    department: LocalText
    presence: str
    is_always: bool
    reason: LocalText
    norm: str
    took: str | None
    cost: str | None
    coming: tuple[str, ...]
    step: int | None
    after: tuple[LocalText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The bundle of one variant: its blocks in order, and the same as a picture when there is an order to see."""

    rows: Sequence[BlockRow]
    bars: Sequence[Bar]
    ticks: Sequence[Tick]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage:
    """All that the page of a product shows."""

    version: ProductVersion
    definition: ProductDefinition
    variants: Sequence[Variant]
    chosen: Variant
    bundle: Bundle
    ready: str | None
    approval: str | None
    cost: str
    payer: str | None
    unpriced: str | None
    departments: Mapping[int, LocalText]
    elsewhere: Sequence[tuple[str, LocalText, LocalText]]
    upn: UpnName | None


def cards(session: Session, versions: Sequence[ProductVersion], calendars: Calendars) -> Sequence[Card]:
    """Give products as cards, by name in the language of the page."""
    outlines = block_outlines(session)
    paces = load_paces(session, [outline.block_id for outline in outlines.values()])
    times = {
        code: block_time(outline.norm, calendar=calendars.get(outline.department_id), pace=paces.get(outline.block_id))
        for code, outline in outlines.items()
    }
    rules = {code: outline.approval for code, outline in outlines.items() if outline.approval is not None}
    approvals = Approvals(session, rules=rules, calendars=calendars)

    def card(version: ProductVersion) -> Card:
        definition = definition_of(version)
        working = {outlines[code].department_id for code in definition.block_codes() if code in outlines}
        line = _ready(definition, variants_of(version), times, approvals.waits(definition, owner_id=version.owner_id))
        return Card(version=version, line=line, department_ids=frozenset({version.owner_id, *working}))

    found = [card(version) for version in versions]
    return sorted(found, key=lambda card: local(card.version.name).casefold())


def situations(found: Sequence[Card]) -> Sequence[Card]:
    """Keep the situations."""
    return [card for card in found if card.version.kind is ProductKind.SITUATION]


def by_theme(found: Sequence[Card]) -> Sequence[tuple[Theme, Sequence[Card]]]:
    """Group cards by theme; themes without products are left out."""
    groups = [(theme, [card for card in found if card.version.theme is theme]) for theme in Theme]
    return [(theme, group) for theme, group in groups if group]


def product_page(
    session: Session, version: ProductVersion, *, outcome: str | None, calendars: Calendars, tokens: frozenset[str], on: date
) -> ProductPage:
    """Put together the page of a product on a day, with the bundle of one outcome (by default the first).

    It names other products only when somebody with these tokens may see them.
    """
    definition, variants = definition_of(version), variants_of(version)
    blocks = published_blocks(session, definition.block_codes())
    paces = load_paces(session, [block.block_id for block in blocks.values()])
    times = {
        code: block_time(block_definition_of(block).norm, calendar=calendars.get(block.department_id), pace=paces.get(block.block_id))
        for code, block in blocks.items()
    }
    chosen = next((one for one in variants if one.outcome is not None and one.outcome.code == outcome), variants[0])
    least, most = cost_on(variants, blocks, on)
    rules = {code: block_definition_of(block).approval for code, block in blocks.items()}
    approvals = Approvals(session, rules={code: rule for code, rule in rules.items() if rule is not None}, calendars=calendars)
    return ProductPage(
        version=version,
        definition=definition,
        variants=variants,
        chosen=chosen,
        bundle=_bundle(definition, chosen, blocks, times, on),
        ready=_ready(definition, variants, times, approvals.waits(definition, owner_id=version.owner_id)),
        approval=approvals.sentence(definition, owner_id=version.owner_id),
        cost=price_labels.range_words(least, most),
        payer=price_labels.payer_words(most),
        unpriced=price_labels.unknown_words(most.unknown) if most.unknown else None,
        departments={block.department_id: block.department.name for block in blocks.values()},
        elsewhere=_elsewhere(session, definition, tokens),
        upn=session.get(UpnName, definition.upn) if definition.upn else None,
    )


def cost_on(variants: Sequence[Variant], blocks: Blocks, on: date) -> tuple[Bill, Bill]:
    """Give the least and the most a product can cost on a day."""

    def bill(variant: Variant, is_counted: Callable[[VariantLine], bool]) -> Bill:
        counted = [one.line.block for one in variant.lines if one.line.block in blocks and is_counted(one)]
        return bill_of(price_on(block_definition_of(blocks[code]).prices, on) for code in counted)

    def first_year(one: Bill) -> int:
        return one.own.first_year + one.central.first_year

    least = min((bill(variant, lambda one: one.presence is Presence.ALWAYS) for variant in variants), key=first_year)
    return least, max((bill(variant, lambda _one: True) for variant in variants), key=lambda one: (first_year(one), one.unknown))


def _ready(definition: ProductDefinition, variants: Sequence[Variant], times: Mapping[str, BlockTime], waits: Waits) -> str | None:
    """Say when all of a product is ready; a single block with a norm in hours keeps its hours."""
    reckoned = lead_time(definition, variants, times, waits=waits)
    if reckoned is None:
        return None
    codes = definition.block_codes()
    if len(codes) == 1 and not reckoned.is_measured and not waits:
        return _("Ready within %(days)s", days=labels.norm_words(times[codes[0]].norm))
    return _sentence(reckoned)


def _sentence(reckoned: LeadTime) -> str:
    words: Callable[[float, float], str] = labels.usually_ready_words if reckoned.is_measured else labels.ready_words
    return words(reckoned.fewest, reckoned.most)


def _elsewhere(session: Session, definition: ProductDefinition, tokens: frozenset[str]) -> Sequence[tuple[str, LocalText, LocalText]]:
    """Give the outcomes that lead to another product: its code, the name of the outcome, the name of the product."""
    outcomes = [outcome for outcome in (definition.tree.outcomes if definition.tree else ()) if outcome.go_to is not None]
    if not outcomes:
        return ()
    names = names_of_products(session, [str(outcome.go_to) for outcome in outcomes], tokens)
    return [(str(one.go_to), one.name, names[str(one.go_to)]) for one in outcomes if one.go_to in names]


def _bundle(definition: ProductDefinition, variant: Variant, blocks: Blocks, times: Mapping[str, BlockTime], on: date) -> Bundle:
    lines = {one.line.block: one for one in variant.lines if one.line.block in blocks}
    sure = {code: times[code].norm_days for code, one in lines.items() if one.presence is not Presence.EXTRA}
    stretches = place_blocks(definition, sure)
    extra = [code for code in lines if code not in stretches]
    steps = {starts: number for number, starts in enumerate(sorted({one.starts for one in stretches.values()}), start=1)}
    placed = {code: (stretch, steps[stretch.starts]) for code, stretch in stretches.items()}
    rows = [_row(lines[code], blocks, times[code], placed.get(code), on) for code in [*stretches, *extra]]
    days = max(1, ceil(max((one.ends for one in stretches.values()), default=0)))
    bars = [_bar(lines[code], blocks[code], times[code], stretch, days) for code, stretch in stretches.items()]
    return Bundle(rows=rows, bars=bars if len(bars) > 1 else (), ticks=_ticks(days))


def _row(line: VariantLine, blocks: Blocks, time: BlockTime, place: tuple[Stretch, int] | None, on: date) -> BlockRow:
    block = blocks[line.line.block]
    prices = block_definition_of(block).prices
    return BlockRow(
        name=block.name,
        description=block_definition_of(block).description,
        department=block.department.name,
        presence=str(labels.PRESENCES[line.presence]),
        is_always=line.presence is Presence.ALWAYS,
        reason=line.line.reason,
        norm=labels.norm_words(time.norm),
        took=_took(time),
        cost=price_labels.price_words(price_on(prices, on)) if prices else None,
        coming=tuple(price_labels.coming_words(price) for price in coming_prices(prices, on)),
        step=place[1] if place else None,
        after=tuple(blocks[code].name for code in place[0].after) if place else (),
    )


def _took(time: BlockTime) -> str | None:
    """Say what a block took lately, when enough of them were finished."""
    if time.pace is None:
        return None
    return _(
        "Lately usually %(expected)s, at most %(latest)s. On time: %(share)d%%.",
        expected=labels.minutes_words(time.pace.expected_minutes, time.day_minutes),
        latest=labels.minutes_words(time.pace.latest_minutes, time.day_minutes),
        share=round(_FULL * time.pace.finished_in_norm / time.pace.finished),
    )


def _bar(line: VariantLine, block: BlockVersion, time: BlockTime, stretch: Stretch, days: int) -> Bar:
    return Bar(
        label=local(block.name),
        department=local(block.department.name),
        when=labels.norm_words(time.norm),
        state=str(labels.PRESENCES[line.presence]),
        tone="progress" if line.presence is Presence.ALWAYS else "neutral",
        start=round(_FULL * stretch.starts / days, 2),
        end=round(_FULL * stretch.ends / days, 2),
    )


def _ticks(days: int) -> Sequence[Tick]:
    step = ceil(days / MOST_TICKS)
    return [Tick(at=round(_FULL * at / days, 2), label=_("day %(number)d", number=at + 1)) for at in range(0, days, step)]
