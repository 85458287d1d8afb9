"""Writing the prices of a building block."""

from flask import flash, redirect, url_for

from portal.catalog.codec import block_from_data
from portal.catalog.definition import BlockDefinition
from portal.catalog.prices import find_price_faults, find_price_gaps
from portal.composing.price_forms import PricesForm, fields_of_prices, is_empty
from portal.composing.views.editing import Trouble, keep, open_block
from portal.core.clock import utc_now
from portal.web.answers import Answer, page
from portal.web.application import this_app
from portal.web.words import _


def prices(code: str) -> Answer:
    """Show the prices of a building block to be changed, with what is wrong with them."""
    draft, before = open_block(code)
    form = PricesForm(data={**fields_of_prices(before.prices), "edition": draft.edition})
    form.show_faults(dict(find_price_faults(before.prices)))
    return _show(form, before)


def save_prices(code: str) -> Answer:
    """Keep what was changed in the prices of a building block."""
    draft, before = open_block(code, for_change=True)
    form = PricesForm()
    trouble = keep(form, draft, lambda: block_from_data(form.data_of_prices(before)))
    if trouble:
        return _show(form, before, trouble)
    flash(_("The draft is saved."))
    return redirect(url_for("compose.prices", code=code), 303)


def _show(form: PricesForm, before: BlockDefinition, trouble: Trouble | None = None) -> Answer:
    today = utc_now().astimezone(this_app().settings.tz).date()
    gaps = [] if any(find_price_faults(before.prices)) else find_price_gaps(before.prices, today)
    return page(
        "compose/prices.html", trouble.status if trouble else 200, form=form, before=before, gaps=gaps, is_empty=is_empty, trouble=trouble
    )
