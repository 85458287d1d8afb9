"""Whether Dutch is plain: short sentences that say who does something, in words people use."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML

from portal.catalog.inspection.finding import FindingCode

_WORDS_FILE: Final = Path(__file__).with_name("plain_dutch.yaml")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?;:])\s+|\n+")
_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_AUXILIARY: Final = frozenset({"word", "wordt", "worden", "werd", "werden"})
_PARTICIPLE: Final = re.compile(r"(?:\w{2,6})?ge\w{2,}(?:d|t|en)|(?:aan|af|in|op|uit)?(?:be|ver|ont|her|er)\w{3,}(?:d|t|en)")
_NOUN: Final = re.compile(r"\w+(?:ingen|heden|nissen)")

Remark = tuple[FindingCode, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class PlainDutch:
    """What is plain: the length of a sentence, words to leave out with what to say instead, and words that look like a participle."""

    most_words: int
    jargon: Mapping[str, str]
    no_participles: frozenset[str]


@lru_cache(maxsize=1)
def plain_dutch() -> PlainDutch:
    """Read the list of words that comes with the portal."""
    data = YAML(typ="safe").load(_WORDS_FILE)
    return PlainDutch(
        most_words=data["most_words"],
        jargon={str(word): str(better) for word, better in data["jargon"].items()},
        no_participles=frozenset(map(str, data["no_participles"])),
    )


def remarks_on(text: str) -> Iterator[Remark]:
    """Give what is not plain in a Dutch text, sentence by sentence."""
    for sentence in filter(None, map(str.strip, _SENTENCE_END.split(text))):
        words = [word.casefold() for word in _WORD.findall(sentence)]
        if len(words) > plain_dutch().most_words:
            yield FindingCode.LONG_SENTENCE, {"count": str(len(words)), "sentence": sentence}
        if _is_passive(words):
            yield FindingCode.PASSIVE, {"sentence": sentence}
        line = f" {' '.join(words)} "
        for word, better in plain_dutch().jargon.items():
            if f" {word} " in line:
                yield FindingCode.JARGON, {"word": word, "better": better}


def _is_passive(words: list[str]) -> bool:
    """Tell whether a form of `worden` stands with a participle."""
    if not _AUXILIARY.intersection(words):
        return False
    return any(_PARTICIPLE.fullmatch(word) and not _NOUN.fullmatch(word) for word in words if word not in plain_dutch().no_participles)
