"""Words for how satisfied people are."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from portal.requests.feedback.rules import Door, Score
from portal.web.words import _, _l

SCORES: Final[Mapping[Score, Any]] = {
    Score.HAPPY: _l("Satisfied"),
    Score.NEUTRAL: _l("It could be better"),
    Score.UNHAPPY: _l("Not satisfied"),
}

FACES: Final[Mapping[Score, str]] = {Score.HAPPY: "happy", Score.NEUTRAL: "neutral", Score.UNHAPPY: "unhappy"}
"""The icon of each score."""

SCORE_TONES: Final[Mapping[Score, str]] = {Score.HAPPY: "done", Score.NEUTRAL: "waiting", Score.UNHAPPY: "refused"}

DOORS: Final[Mapping[Door, Any]] = {
    Door.MAIL: _l("from the e-mail"),
    Door.PAGE: _l("on the page of the request"),
    Door.CODE: _l("with the tracking code"),
}

FEEDBACK_SENTENCES: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "request_rated": lambda data: _(
        "The customer said how it went: %(score)s (%(door)s).", score=SCORES[Score(data["score"])], door=DOORS[Door(data["door"])]
    ),
}
