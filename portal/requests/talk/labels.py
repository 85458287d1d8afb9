"""Words for what people write to each other."""

from collections.abc import Mapping
from typing import Any, Final

from portal.requests.talk.models import MessageKind
from portal.web.words import _l

MESSAGE_KINDS: Final[Mapping[MessageKind, Any]] = {
    MessageKind.MESSAGE: _l("message"),
    MessageKind.NOTE: _l("internal note"),
}
