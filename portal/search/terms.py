"""Words and their stems: the same reading of what is written in the catalogue and of what people type."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import Final

import Stemmer

LANGUAGES: Final = ("nl", "en")
MOST_WORDS: Final = 12
_LONGEST: Final = 60
_WORD: Final = re.compile(r"[a-z0-9]+")
_STEMMERS: Final = {"nl": Stemmer.Stemmer("dutch"), "en": Stemmer.Stemmer("english")}
_LOCK: Final = Lock()

# Words that say nothing about what somebody looks for, also those with which one asks.
STOP_WORDS: Final = frozenset(
    """
    aan aanvraag aanvragen al alle alles als ander andere bestel bestellen bestelling bij daarna dan dat de deze die dit doen door
    een eens en er gaan gaat graag had heb hebben heeft hem het hier hij hoe hulp hun iets ik in is ja je jij jullie kan kopje
    krijg krijgen krijgt kun kunnen kunt laat laten ligt maar maken me meer met mij mijn moet moeten morgen na naar niet nodig nog nu
    of om onder ons onze ook op over per reeds regel regelen snel steeds straks te tegen toch toe tot u uit uw van vandaag veel
    volgende voor vraag vragen waar waarom wanneer want was wat week welke wie wij wil willen wilt word worden wordt zal ze zich
    zij zijn zo zonder zou
    a about all an and any are as at be but by can could do does for from get give has have how i if into it its like me my need
    needs no not of on one or our please request should so some that the their them then there these they this to today tomorrow
    up us want was we what when where which who will with would you your
    """.split()  # noqa: SIM905  a list that people read
)


def words_of(text: str) -> list[str]:
    """Give the words of a text in small letters without accents, in order, stop words included."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("'s", " ").replace("\u2019s", " "))
    return [word[:_LONGEST] for word in _WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))]


def telling_words(text: str) -> list[str]:
    """Give the words that say something."""
    return [word for word in words_of(text) if is_telling(word)]


def is_telling(word: str) -> bool:
    """Tell whether a word says something about what it stands in."""
    return len(word) > 1 and word not in STOP_WORDS


@lru_cache(maxsize=50_000)
def stem_of(word: str, language: str) -> str:
    """Give the stem of a word, so that "zalen" and "zaal", "gereserveerd" and "reservering" are the same."""
    with _LOCK:
        stem: str = _STEMMERS[language].stemWord(word)
    return stem


def stems_of(word: str) -> Sequence[str]:
    """Give the stems of a word that may be of either language, each once."""
    return list(dict.fromkeys(stem_of(word, language) for language in LANGUAGES))
