"""Reading from data what is agreed about a product or a building block, and the conditions and norms it is made of."""

from typing import Any

from portal.catalog.agreement import (
    Anchor,
    ApprovalMode,
    ApprovalRule,
    Approver,
    ApproverKind,
    NoReturn,
    NoReturnMoment,
    Offset,
    Payer,
    Period,
    Price,
)
from portal.catalog.conditions import find_faults
from portal.catalog.reader import Reader, fault
from portal.core.errors import InvalidInputError
from portal.core.money import MOST_CENTS
from portal.people.roles import Role
from portal.planning.norm import Norm, NormUnit


def norm_from_data(data: object, path: str = "") -> Norm:
    """Read a length in working days or working hours.

    :raises InvalidInputError: a field is missing, unknown or wrong.
    """
    reader = Reader(data, path)
    norm = Norm(reader.number("amount", at_least=1), reader.one_of("unit", NormUnit))
    reader.finish()
    return norm


def maybe_norm(reader: Reader, name: str) -> Norm | None:
    """Read a length that may be left out."""
    return reader.maybe(name, lambda field: reader.part(field, norm_from_data))


def offset_from_data(data: object, path: str = "") -> Offset:
    """Read when a line begins.

    :raises InvalidInputError: a field is missing, unknown or wrong.
    """
    reader = Reader(data, path)
    offset = Offset(length=reader.part("length", norm_from_data), anchor=reader.one_of("anchor", Anchor))
    reader.finish()
    return offset


def no_return_from_data(data: object, path: str = "") -> NoReturn:
    """Read a point of no return; only one before the wished date has a length, and must have it.

    :raises InvalidInputError: a field is missing, unknown or wrong.
    """
    reader = Reader(data, path)
    point = NoReturn(moment=reader.one_of("moment", NoReturnMoment), length=maybe_norm(reader, "length"))
    reader.finish()
    if (point.moment is NoReturnMoment.BEFORE_WISHED_DATE) is (point.length is None):
        raise fault(reader.at("length"), "required" if point.length is None else "not_for_this_kind")
    return point


def prices_of(reader: Reader) -> tuple[Price, ...]:
    """Read the prices of a building block, or the one amount `cost_cents` as it was written before; 0 of those is no price.

    :raises InvalidInputError: a field is missing, unknown or wrong, or both stand there.
    """
    once = reader.maybe("cost_cents", lambda name: reader.number(name, at_least=0))
    prices = reader.parts("prices", price_from_data)
    if once is not None and prices:
        raise fault(reader.at("cost_cents"), "not_for_this_kind")
    return (Price(once_cents=once),) if once else prices


def price_from_data(data: object, path: str = "") -> Price:
    """Read a price; an amount that comes back has a period.

    :raises InvalidInputError: a field is missing, unknown or wrong.
    """
    reader = Reader(data, path)
    price = Price(
        once_cents=_cents(reader, "once_cents"),
        recurring_cents=_cents(reader, "recurring_cents"),
        period=reader.maybe("period", lambda name: reader.one_of(name, Period)),
        payer=reader.maybe("payer", lambda name: reader.one_of(name, Payer)) or Payer.COST_CENTRE,
        from_on=reader.maybe("from_on", reader.day),
        until_on=reader.maybe("until_on", reader.day),
    )
    reader.finish()
    if bool(price.recurring_cents) is (price.period is None):
        raise fault(reader.at("period" if price.recurring_cents else "recurring_cents"), "required")
    return price


def _cents(reader: Reader, name: str) -> int:
    cents = reader.maybe(name, lambda field: reader.number(field, at_least=0)) or 0
    if cents > MOST_CENTS:
        raise fault(reader.at(name), "too_large")
    return cents


def approval_from_data(data: object, path: str = "") -> ApprovalRule:
    """Read who approves; there must be somebody.

    :raises InvalidInputError: a field is missing, unknown or wrong.
    """
    reader = Reader(data, path)
    rule = ApprovalRule(
        approvers=reader.parts("approvers", approver_from_data),
        mode=reader.maybe("mode", lambda name: reader.one_of(name, ApprovalMode)) or ApprovalMode.ALL_OF,
        above_cents=reader.maybe("above_cents", lambda name: reader.number(name, at_least=0)),
        when=condition_of(reader, "when"),
    )
    reader.finish()
    if not rule.approvers:
        raise fault(reader.at("approvers"), "required")
    return rule


def condition_of(reader: Reader, name: str) -> dict[str, Any] | None:
    """Read a condition that may be left out.

    :raises InvalidInputError: the places in it that cannot be read (`invalid_condition`).
    """
    condition: dict[str, Any] | None = reader.maybe(name, lambda field: reader.part(field, lambda data, _path: _plain_condition(data)))
    faults = [] if condition is None else find_faults(condition, reader.at(name))
    if faults:
        raise InvalidInputError(dict.fromkeys(faults, "invalid_condition"))
    return condition


def approver_from_data(data: object, path: str = "") -> Approver:
    """Read somebody who approves: a role has its role and an answer its question, and nothing else.

    :raises InvalidInputError: a field is missing, unknown or wrong.
    """
    reader = Reader(data, path)
    kind = reader.one_of("kind", ApproverKind)
    approver = Approver(
        kind=kind,
        role=reader.maybe("role", lambda name: reader.one_of(name, Role)),
        question=reader.maybe("question", reader.string),
    )
    reader.finish()
    for name, belongs in (("role", kind is ApproverKind.ROLE), ("question", kind is ApproverKind.FROM_ANSWER)):
        is_there = getattr(approver, name) is not None
        if is_there is not belongs:
            raise fault(reader.at(name), "required" if belongs else "not_for_this_kind")
    return approver


def _plain_condition(data: Any) -> Any:  # noqa: ANN401  whatever was written
    """Turn what a file holds into plain JSON: words that carry their place become words."""
    match data:
        case dict():
            return {str(name): _plain_condition(one) for name, one in data.items()}
        case list() | tuple():
            return [_plain_condition(one) for one in data]
        case str():
            return str(data)
    return data
