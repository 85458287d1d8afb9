"""The prices of a building block as rows of fields: change a row, empty it to take it out, fill in the last one to add one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from wtforms import Form, RadioField, SelectField, StringField
from wtforms.validators import Optional, ValidationError

from portal.catalog.agreement import Payer, Price
from portal.catalog.codec import block_as_data
from portal.catalog.definition import BlockDefinition
from portal.catalog.price_labels import PAYERS, PERIODS
from portal.composing.editor_forms import Data, WritingForm
from portal.composing.forms import choices_of
from portal.composing.labels import fault_words
from portal.core.money import read_cents, write_euros
from portal.web.moment_fields import DayField
from portal.web.words import _, _l

MOST_PRICES: Final = 12

_PERIODS: Final = choices_of([("", _l("Only once")), *((one.value, words) for one, words in PERIODS.items())])
_PAYERS: Final = choices_of((one.value, words) for one, words in PAYERS.items())
_FIELD_OF: Final = {"once_cents": "once", "recurring_cents": "recurring"}
_NO_PERIOD: Final = _l("Choose each month or each year, or leave that amount empty.")
_TELLING: Final = ("once", "recurring", "from_on", "until_on")

Row = Mapping[str, Any]


def _is_amount(form: Form, field: Any) -> None:  # noqa: ANN401  a WTForms field
    """Refuse what is no amount.

    :raises ValidationError: it cannot be read as euros and cents.
    """
    del form
    if read_cents(field.data) is None:
        raise ValidationError(_("Write an amount, for example 12,50."))


class PricesForm(WritingForm):
    """All prices of a building block; the fields of its rows are added below."""

    def shown_rows(self) -> Sequence[Row]:
        """Give the rows that are filled in, and an empty one to add a price."""
        rows = self._rows()
        filled = [number for number, row in enumerate(rows) if not is_empty(row)]
        return rows[: (filled[-1] if filled else -1) + 2]

    def data_of_prices(self, before: BlockDefinition) -> Data:
        """Give the building block with the prices as they were written."""
        return {**block_as_data(before), "prices": [_written(row) for row in self._filled()]}

    def show_faults(self, faults: Mapping[str, str]) -> list[str]:
        """Show faults of a price beside its field; give those that are about something else."""
        filled, left = self._filled(), []
        for path, code in faults.items():
            number, _dot, name = path.removeprefix("prices[").partition("].")
            field = filled[int(number)].get(_FIELD_OF.get(name, name)) if number.isdecimal() else None
            if field is None:
                left.append(fault_words(code))
            else:
                self.add_errors({field.name: _NO_PERIOD if name == "period" else fault_words(code)})
        return left

    def _rows(self) -> list[Row]:
        return [{name: self[f"{name}_{number}"] for name in _ROW} for number in range(MOST_PRICES)]

    def _filled(self) -> list[Row]:
        return [row for row in self._rows() if not is_empty(row)]


_ROW: Final[Mapping[str, Callable[[], Any]]] = {
    "once": lambda: StringField(_l("Once, in euros"), [Optional(), _is_amount], description=_l("For example 12,50.")),
    "recurring": lambda: StringField(_l("Each month or year, in euros"), [Optional(), _is_amount], description=_l("For example 12,50.")),
    "period": lambda: SelectField(_l("How often"), choices=_PERIODS),
    "payer": lambda: RadioField(_l("Who pays"), choices=_PAYERS, default=Payer.COST_CENTRE.value),
    "from_on": lambda: DayField(_l("First day"), [Optional()], description=_l("Leave this empty when it always held.")),
    "until_on": lambda: DayField(_l("Last day"), [Optional()], description=_l("Leave this empty when it has no end.")),
}

for _number in range(MOST_PRICES):
    for _name, _field in _ROW.items():
        setattr(PricesForm, f"{_name}_{_number}", _field())


def is_empty(row: Row) -> bool:
    """Tell whether nothing was filled in, so that it is no price."""
    return not any(row[name].data or any(str(value).strip() for value in row[name].raw_data or ()) for name in _TELLING)


def fields_of_prices(prices: Sequence[Price]) -> Data:
    """Give what stands in the rows for prices."""
    return {f"{name}_{number}": value for number, price in enumerate(prices) for name, value in _fields(price).items()}


def _written(row: Row) -> Data:
    days: dict[str, date | None] = {name: row[name].data for name in ("from_on", "until_on")}
    return {
        "once_cents": read_cents(row["once"].data or "0"),
        "recurring_cents": read_cents(row["recurring"].data or "0"),
        "period": row["period"].data or None,
        "payer": row["payer"].data,
        **{name: day.isoformat() if day else None for name, day in days.items()},
    }


def _fields(price: Price) -> Data:
    return {
        "once": write_euros(price.once_cents) if price.once_cents or not price.recurring_cents else "",
        "recurring": write_euros(price.recurring_cents) if price.recurring_cents else "",
        "period": price.period.value if price.period else "",
        "payer": price.payer.value,
        "from_on": price.from_on,
        "until_on": price.until_on,
    }
