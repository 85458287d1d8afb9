"""Agreements in one cell of a list: a length, a point of no return, who approves, and lists of codes.

`5 working_days`; `started` or `before_wished_date 5 working_days`; `manager, role:coordinator; in_order; above 50000; when {…}`.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from portal.catalog.agreement import ApprovalMode, ApproverKind
from portal.catalog.exchange.price_cells import read_price_cell, write_price_cell
from portal.catalog.exchange.sheets import Cell
from portal.catalog.reader import fault

_LENGTH: Final = re.compile(r"(\d+)\s+(\S+)", re.ASCII)
_ABOVE: Final = re.compile(r"above\s+(\d+)", re.ASCII)
_WHEN: Final = re.compile(r";\s*when\s+")
_FULL_TIME: Final = re.compile(r"(\d\d:\d\d):00", re.ASCII)
_DETAILS: Final = {ApproverKind.ROLE: "role", ApproverKind.FROM_ANSWER: "question"}


@dataclass(frozen=True, slots=True)
class CellKind:
    """How a stored field is written in a cell, and read from one with something in it; `read` also gets the name of the column."""

    write: Callable[[Any], Cell]
    read: Callable[[str, str], Any]


def _write_length(length: Mapping[str, Any]) -> Cell:
    return f"{length['amount']} {length['unit']}"


def _read_length(text: str, column: str) -> dict[str, Any]:
    found = _LENGTH.fullmatch(text)
    if found is None:
        raise fault(column, "not_a_length")
    return {"amount": int(found[1]), "unit": found[2]}


def _write_no_return(point: Mapping[str, Any]) -> Cell:
    return f"{point['moment']} {_write_length(point['length'])}" if "length" in point else str(point["moment"])


def _read_no_return(text: str, column: str) -> dict[str, Any]:
    moment, _space, length = text.partition(" ")
    return {"moment": moment, **({"length": _read_length(length.strip(), f"{column}.length")} if length.strip() else {})}


def _write_approval(rule: Mapping[str, Any]) -> Cell:
    approvers = ", ".join(_write_approver(one) for one in rule["approvers"])
    mode = f"; {rule['mode']}" if "mode" in rule else ""
    above = f"; above {rule['above_cents']}" if "above_cents" in rule else ""
    when = f"; when {json.dumps(rule['when'], ensure_ascii=False)}" if "when" in rule else ""
    return f"{approvers}{mode}{above}{when}"


def _write_approver(approver: Mapping[str, Any]) -> str:
    detail = next((f":{approver[name]}" for name in _DETAILS.values() if name in approver), "")
    return f"{approver['kind']}{detail}"


def _read_approval(text: str, column: str) -> dict[str, Any]:
    plain, *conditions = _WHEN.split(text, maxsplit=1)
    approvers, *agreed = (part.strip() for part in plain.split(";"))
    rule: dict[str, Any] = {"approvers": [_read_approver(one.strip(), column) for one in approvers.split(",")]}
    for part in agreed:
        above = _ABOVE.fullmatch(part)
        if above is None and part not in set(ApprovalMode):
            raise fault(column, "not_an_approval")
        rule |= {"above_cents": int(above[1])} if above else {"mode": part}
    return {**rule, "when": _read_condition(conditions[0], column)} if conditions else rule


def _read_approver(text: str, column: str) -> dict[str, str]:
    kind, colon, detail = text.partition(":")
    if kind not in set(ApproverKind):
        raise fault(column, "not_an_approval")
    if not colon:
        return {"kind": kind}
    if kind not in _DETAILS:
        raise fault(column, "not_an_approval")
    return {"kind": kind, _DETAILS[ApproverKind(kind)]: detail}


def _read_condition(text: str, column: str) -> Any:  # noqa: ANN401  checked where conditions are read
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f"{column}.when"
        raise fault(place, "invalid_condition") from error


def _write_codes(codes: Sequence[str]) -> Cell:
    return ", ".join(codes)


def _read_codes(text: str, _column: str) -> list[str]:
    return [code for code in re.split(r"[\s,;]+", text) if code]


def _read_time(text: str, _column: str) -> str:
    """Read a time, also as a spreadsheet writes it."""
    found = _FULL_TIME.fullmatch(text)
    return found[1] if found else text


def _read_number(text: str, _column: str) -> Cell:
    """Read a whole number; what is none stays as it is and is refused by its field."""
    return int(text) if text.isascii() and text.isdigit() else text


_PLAIN_NUMBER: Final = CellKind(lambda value: value, _read_number)
_LENGTH_KIND: Final = CellKind(_write_length, _read_length)
_CODES_KIND: Final = CellKind(_write_codes, _read_codes)

CELLS: Final[Mapping[str, CellKind]] = {
    "prices": CellKind(write_price_cell, lambda text, _column: read_price_cell(text)),
    "norm.amount": _PLAIN_NUMBER,
    "legal_days": _PLAIN_NUMBER,
    "extensions": _PLAIN_NUMBER,
    "reopen_days": _PLAIN_NUMBER,
    "cut_off": CellKind(str, _read_time),
    "notice": _LENGTH_KIND,
    "response": _LENGTH_KIND,
    "no_return": CellKind(_write_no_return, _read_no_return),
    "approval": CellKind(_write_approval, _read_approval),
    "audience": _CODES_KIND,
    "related": _CODES_KIND,
}
