"""Words for placeholders: what is filled in."""

from collections.abc import Mapping
from typing import Any, Final

from portal.requests.standard_texts.rules import Placeholder
from portal.web.words import _l

PLACEHOLDERS: Final[Mapping[Placeholder, Any]] = {
    Placeholder.NAME: _l("name of who asked"),
    Placeholder.NUMBER: _l("number of the request"),
    Placeholder.PRODUCT: _l("name of the product"),
    Placeholder.BENEFICIARY: _l("name of who it is for"),
    Placeholder.EXPECTED_DATE: _l("expected date"),
    Placeholder.LATEST_DATE: _l("latest date"),
    Placeholder.WRITER: _l("your own name"),
}
