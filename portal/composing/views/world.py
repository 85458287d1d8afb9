"""What of the portal is open to everybody."""

from portal.catalog.memory import block_definition_of
from portal.composing.world_pages import open_products
from portal.core.clock import utc_now
from portal.core.db import db
from portal.web.answers import Answer, page
from portal.web.application import this_app
from portal.web.guard import open_addresses


def world() -> Answer:
    """Show exactly what a visitor without an account can read: products with their texts, blocks and prices, and the open addresses."""
    today = utc_now().astimezone(this_app().settings.tz).date()
    products = open_products(db.session(), on=today)
    return page("compose/world.html", products=products, addresses=open_addresses(this_app()), block_of=block_definition_of)
