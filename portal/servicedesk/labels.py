"""Words for how much a request is at risk."""

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _l

from portal.servicedesk.rules import Risk

RISK_LABELS: Final[Mapping[Risk, str]] = {
    Risk.LATE: _l("latest date passed"),
    Risk.SLIPPED: _l("later than first said"),
    Risk.NEAR: _l("due within two days"),
    Risk.ON_TIME: _l("on time"),
}

RISK_TONES: Final[Mapping[Risk, str]] = {
    Risk.LATE: "refused",
    Risk.SLIPPED: "waiting",
    Risk.NEAR: "info",
    Risk.ON_TIME: "done",
}
