"""Reading the Uniforme Productnamenlijst: a table with a column for the name and one for the URI; and what it would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from portal.catalog.exchange.comparison import Change
from portal.catalog.exchange.sheets import Row
from portal.catalog.reader import is_web_address
from portal.core.yaml_files import Problem, Problems

_NAME: Final = frozenset({"name", "naam", "upn", "uniformeproductnaam"})
_URI: Final = frozenset({"uri", "upnuri"})
_MOST: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class UpnChange:
    """What happens to one name; None for what is not there."""

    change: Change
    uri: str
    before: str | None
    after: str | None


def compare_upn_names(now: Mapping[str, str], then: Mapping[str, str]) -> Sequence[UpnChange]:
    """Compare two lists of names by URI: new, changed, unchanged and gone, each by name."""
    changes = [
        UpnChange(change=_change(now.get(uri), then.get(uri)), uri=uri, before=now.get(uri), after=then.get(uri)) for uri in {**now, **then}
    ]
    order = list(Change)
    return sorted(changes, key=lambda one: (order.index(one.change), (one.after or one.before or "").casefold(), one.uri))


def _change(before: str | None, after: str | None) -> Change:
    if before is None:
        return Change.NEW
    if after is None:
        return Change.ABSENT
    return Change.UNCHANGED if before == after else Change.CHANGED


def read_upn_names(rows: Sequence[tuple[int, Row]], *, shown: str, problems: Problems) -> Mapping[str, str]:
    """Give the names by URI; mistakes are noted in `problems`. Other columns are passed over."""
    columns = ["".join(str(cell).split()).casefold() for cell in rows[0][1]] if rows else []
    name_at, uri_at = (next((at for at, one in enumerate(columns) if one in wanted), None) for wanted in (_NAME, _URI))
    for at, field in ((name_at, "name"), (uri_at, "uri")):
        if at is None:
            problems.found.append(Problem(shown, 1, field, "required"))
    names: dict[str, str] = {}
    if name_at is None or uri_at is None:
        return names
    for line, row in rows[1:]:
        cells = [str(cell).strip() for cell in row] + [""] * len(columns)
        name, uri = cells[name_at], cells[uri_at]
        fault = _fault(name, uri, names)
        if fault:
            problems.found.append(Problem(shown, line, *fault))
        else:
            names[uri] = name
    return names


def _fault(name: str, uri: str, names: Mapping[str, str]) -> tuple[str, str] | None:
    if not name:
        return "name", "required"
    if not is_web_address(uri):
        return "uri", "not_a_web_address"
    if uri in names:
        return "uri", "double_code"
    if max(len(name), len(uri)) > _MOST:
        return ("name" if len(name) > _MOST else "uri"), "too_long"
    return None
