"""Failures that are expected: each has a code; the web layer and the API own the words."""

from collections.abc import Mapping


class LoketError(Exception):
    """The base of all expected failures."""

    code = "error"


class NotFoundError(LoketError):
    """There is no such thing, or this person may not know of it."""

    code = "not_found"


class ForbiddenError(LoketError):
    """The person may see the thing but may not do this."""

    code = "forbidden"


class ConflictError(LoketError):
    """Somebody else was first, or the page was made on an older version."""

    code = "conflict"

    def __init__(self, reason: str, **details: str) -> None:
        """Keep the reason (a code with a label) and details for the sentence."""
        super().__init__(reason)
        self.reason = reason
        self.details: Mapping[str, str] = details


class IllegalTransitionError(ConflictError):
    """The state does not allow this step."""

    def __init__(self, thing: str, state: str, step: str) -> None:
        """Name the kind of thing, the state it is in and the step that was asked."""
        super().__init__("illegal_transition", thing=thing, state=state, step=step)


class InvalidInputError(LoketError):
    """Input does not fit; `errors` maps a field to the code of what is wrong with it."""

    code = "invalid_input"

    def __init__(self, errors: Mapping[str, str]) -> None:
        """Keep the fields and their codes."""
        super().__init__(dict(errors))
        self.errors = dict(errors)


class TooManyAttemptsError(LoketError):
    """A limit was reached; it may be tried again after `retry_after` seconds."""

    code = "too_many_attempts"

    def __init__(self, retry_after: int) -> None:
        """Keep the number of seconds to wait."""
        super().__init__(retry_after)
        self.retry_after = retry_after
