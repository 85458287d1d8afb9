"""Writing the parts of the catalogue as data: what `codec` reads again."""

from collections.abc import Mapping, Sequence
from dataclasses import Field, fields, is_dataclass
from datetime import date, time
from typing import Any, Final

from portal.core.texts import LocalText

_ALWAYS_WRITTEN: Final = frozenset({"lines", "dependencies", "conditions", "audience", "checklist", "questions", "chosen"})


def as_data(whole: Any) -> dict[str, Any]:  # noqa: ANN401  any of the frozen parts
    """Write the fields of a part under their own names; what reads the same when it is not there is left out."""
    written = [field for field in fields(whole) if field.name in _ALWAYS_WRITTEN or not _is_usual(whole, field)]
    return {field.name: _plain(getattr(whole, field.name)) for field in written}


def _is_usual(whole: Any, field: Field[Any]) -> bool:  # noqa: ANN401  any of the frozen parts
    return bool(getattr(whole, field.name) == field.default)


def _plain(value: Any) -> Any:  # noqa: ANN401  whatever a part is made of
    """Turn a value into plain JSON; a text that carries its place in a file becomes plain words."""
    match value:
        case LocalText():
            plain: Any = value.as_data()
        case Mapping():
            plain = {str(name): _plain(one) for name, one in value.items()}
        case frozenset():
            plain = sorted(value)
        case str():
            plain = str(value)
        case date():
            plain = value.isoformat()
        case time():
            plain = value.isoformat("minutes")
        case Sequence():
            plain = [_plain(one) for one in value]
        case _:
            plain = as_data(value) if is_dataclass(value) else value
    return plain
