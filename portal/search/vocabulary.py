"""What people mean by what they type: inflections, compounds, synonyms, beginnings of words and typing errors."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from math import log
from typing import Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from portal.search.compounds import SHORTEST_PART, split_compound
from portal.search.rules import Reading
from portal.search.terms import MOST_WORDS, is_telling, stem_of, stems_of, telling_words, words_of

EXACT: Final = 1.0
# Who keeps the catalogue says so: as good as the word itself.
SYNONYM: Final = 1.0
BEGINNING: Final = 0.6
MISTYPED: Final = 0.8
PIECE: Final = 0.6
PART: Final = 0.45
_SHORTEST_BEGINNING: Final = 3
_MOST_BEGINNINGS: Final = 12
_LONGEST_PHRASE: Final = 6
_SHORTEST_END: Final = 4
_SHORTEST_START: Final = 5
# "laptop kapot" asks for help, not for a laptop: the word that decides outweighs the one beside it.
_DECIDES: Final = 4.0
# "nieuwe stoel" asks for a chair, and "nieuwe" stands in the name of much.
_WEAK: Final = 0.25
_WEAK_WORDS: Final = frozenset(
    """
    nieuw nieuwe extra eigen oud oude goed goede beter betere groot grote groter klein kleine
    new own good better big small another
    """.split()  # noqa: SIM905  a list that people read
)
_MISTAKES: Final = ((4, 0), (6, 1), (10, 2), (100, 3))


class Synonym(NamedTuple):
    """What people type, and the words of the catalogue that they mean; what `decides` outweighs the words beside it."""

    typed: str
    means: str
    decides: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """Stems that a document must all hold, how sure we are that they are meant (0 to 1), and how they were read: as which words."""

    stems: tuple[str, ...]
    certainty: float
    how: Reading
    words: str
    decides: bool = False

    def read(self, how: Reading, certainty: float, words: str) -> "Meaning":
        """Give the same meaning, reached in a less certain way."""
        return Meaning(self.stems, certainty * self.certainty, how, words, self.decides)


@dataclass(frozen=True, slots=True)
class AskedWord:
    """One word (or phrase) of a query with all it can mean; rare words weigh more."""

    typed: str
    meanings: tuple[Meaning, ...]
    weight: float

    @property
    def surest(self) -> Sequence[Meaning]:
        """Give the meanings of which we are the surest."""
        most = max(meaning.certainty for meaning in self.meanings)
        return [meaning for meaning in self.meanings if meaning.certainty == most]


@dataclass(slots=True)
class Vocabulary:
    """The words of the catalogue in one process; read again when the revision in the database is another one."""

    counts: Mapping[tuple[str, str], int]
    synonyms: Sequence[Synonym]
    documents: int
    _written: list[str] = field(init=False)
    _stems: dict[str, tuple[str, ...]] = field(init=False)
    _stem_counts: Counter[str] = field(init=False)
    _meanings: dict[tuple[str, ...], list[Meaning]] = field(init=False)
    _loose: dict[tuple[str, ...], list[Meaning]] = field(init=False)
    _parts: frozenset[str] = field(init=False)
    _by_shape: dict[str, dict[int, list[str]]] = field(init=False)

    def __post_init__(self) -> None:
        """Put the words in order and find their stems."""
        stems: dict[str, dict[str, None]] = {}
        self._stem_counts = Counter()
        for (word, language), number in self.counts.items():
            stem = stem_of(word, language)
            stems.setdefault(word, {})[stem] = None
            self._stem_counts[stem] += number
        self._meanings, self._loose = {}, {}
        for synonym in self.synonyms:
            self._learn(synonym)
        self._stems = {word: tuple(found) for word, found in stems.items()}
        single = {word for one in self.synonyms for word in (*words_of(one.typed), *words_of(one.means)) if is_telling(word)}
        self._written = sorted({*self._stems, *single})
        self._by_shape = {}
        for word in self._written:
            self._by_shape.setdefault(word[0], {}).setdefault(len(word), []).append(word)
        self._parts = frozenset({*self._written, *self._stem_counts, *(stem_of(word, "nl") for word in single)})

    def _learn(self, synonym: Synonym) -> None:
        target = tuple(stem_of(word, "nl") for word in telling_words(synonym.means))
        self._stem_counts.update(dict.fromkeys(target, 0))
        meaning = Meaning(target, SYNONYM, Reading.SYNONYM, synonym.means, synonym.decides)
        for key in _keys(words_of(synonym.typed)):
            self._meanings.setdefault(key, []).append(meaning)
        telling = telling_words(synonym.typed)
        if len(telling) > 1:
            for key in _loose_keys(telling):
                self._loose.setdefault(key, []).append(meaning)

    def parts_of(self, word: str) -> Sequence[str]:
        """Give the stems of the parts of a compound that the catalogue does not have to know itself."""
        return [stem_of(part, "nl") for part in split_compound(word, self._parts)]

    def read(self, text: str, *, is_typing: bool = False) -> Sequence[AskedWord]:
        """Read what somebody typed; with `is_typing` the last word may only be its beginning."""
        words = words_of(text)[:MOST_WORDS]
        asked: list[AskedWord] = []
        at = 0
        while at < len(words):
            size, found = self._phrase(words[at:])
            if not found and is_telling(words[at]):
                found = self._word(words[at], is_last=is_typing and at == len(words) - 1)
            asked += [self._weighed(" ".join(words[at : at + size]), meanings, share) for meanings, share in found]
            at += size
        return asked

    def _phrase(self, words: Sequence[str]) -> tuple[int, list[tuple[list[Meaning], float]]]:
        """Find a synonym of more words, or two words that are written as one; gives how many words that takes."""
        for size in range(min(_LONGEST_PHRASE, len(words)), 1, -1):
            found = [meaning for key in sorted(_keys(words[:size])) for meaning in self._meanings.get(key, ())]
            if found:
                return size, [(list(dict.fromkeys(found)), 1.0)]
        joined = "".join(words[:2])
        if len(words) > 1 and joined in self._stems and is_telling(words[0]):
            return 2, self._word(joined, is_last=False)
        return self._loose_phrase(words)

    def _loose_phrase(self, words: Sequence[str]) -> tuple[int, list[tuple[list[Meaning], float]]]:
        """Find a synonym of more words in another order, or with words between that say nothing: "contract laten nakijken"."""
        places = [at for at, word in enumerate(words) if is_telling(word)][:_LONGEST_PHRASE]
        if places[:1] == [0]:
            for size in range(len(places), 1, -1):
                keys = sorted(_loose_keys([words[at] for at in places[:size]]))
                found = [meaning for key in keys for meaning in self._loose.get(key, ())]
                if found:
                    return places[size - 1] + 1, [(list(dict.fromkeys(found)), 1.0)]
        return 1, []

    def _word(self, word: str, *, is_last: bool) -> list[tuple[list[Meaning], float]]:
        """Find all that one word can mean; the parts of an unknown compound count as words that share its weight."""
        known = self._known(word)
        parts = split_compound(word, self._parts)
        if known:
            known += [Meaning((stem_of(part, "nl"),), PART, Reading.PART, part) for part in parts]
            return [(known + (self._beginnings(word) if is_last else []), 1.0)]
        if parts:
            found = [self._known(part) or [Meaning((part,), EXACT, Reading.PART, part)] for part in parts]
            return [(meanings, 1 / len(found)) for meanings in found]
        begun = self._beginnings(word)
        if begun and (is_last or len(word) > _SHORTEST_BEGINNING):
            return [(begun, 1.0)]
        found_near = self._mistyped(word) or self._piece(word)
        return [(found_near, 1.0)] if found_near else []

    def _known(self, word: str) -> list[Meaning]:
        stems = [*self._stems.get(word, ()), *(stem for stem in stems_of(word) if stem in self._stem_counts)]
        meant = dict.fromkeys(meaning for key in sorted(_keys([word])) for meaning in self._meanings.get(key, ()))
        return [*meant, *(Meaning((stem,), EXACT, Reading.WORD, word) for stem in dict.fromkeys(stems))]

    def _beginnings(self, word: str) -> list[Meaning]:
        if len(word) < _SHORTEST_BEGINNING:
            return []
        start = bisect_left(self._written, word)
        begun = list(takewhile(lambda one: one.startswith(word), self._written[start : start + _MOST_BEGINNINGS]))
        found = {meaning.stems: (one, meaning) for one in begun if one != word for meaning in self._known(one)}
        return [meaning.read(Reading.BEGINNING, BEGINNING, one) for one, meaning in found.values()]

    def _mistyped(self, word: str) -> list[Meaning]:
        """Find the written words with the fewest mistakes; a longer word may hold more."""
        most = next(mistakes for longest, mistakes in _MISTAKES if len(word) < longest)
        if not most:
            return []
        near = self._near(word, most, begins_with={word[0], word[1]}) or self._near(word, most, begins_with=self._by_shape.keys())
        least = min((distance for _, distance, _ in near), default=0)
        found: dict[tuple[str, ...], Meaning] = {}
        for one in (one for one, distance, _ in near if distance == least):
            for meaning in self._known(one):
                found.setdefault(meaning.stems, meaning.read(Reading.MISTYPED, MISTYPED, one))
        return list(found.values())

    def _piece(self, word: str) -> list[Meaning]:
        """Find the longest known end of an unknown compound, which says what it is, else its longest known beginning."""
        ends = (word[at:] for at in range(SHORTEST_PART, len(word) - _SHORTEST_END + 1))
        starts = (word[:at] for at in range(len(word) - SHORTEST_PART, _SHORTEST_START - 1, -1))
        piece = next((one for one in (*ends, *starts) if one in self._parts and is_telling(one)), None)
        return [one.read(Reading.PIECE, PIECE, piece) for one in self._known(piece)] if piece else []

    def _near(self, word: str, most: int, *, begins_with: Iterable[str]) -> Sequence[tuple[str, float, int]]:
        """Find written words of about the same length, of those with one of these first letters."""
        lengths = range(len(word) - most, len(word) + most + 1)
        shaped = (self._by_shape.get(letter, {}).get(length, ()) for letter in begins_with for length in lengths)
        written = [one for several in shaped for one in several]
        return process.extract(word, written, scorer=OSA.distance, score_cutoff=most, limit=5)

    def _weighed(self, typed: str, meanings: list[Meaning], share: float) -> AskedWord:
        """Weigh a word: one that stands in few documents says more."""
        sure = [meaning for meaning in meanings if meaning.certainty >= MISTYPED * SYNONYM] or meanings
        number = min((sum(self._stem_counts[stem] for stem in meaning.stems) / len(meaning.stems) for meaning in sure), default=0)
        force = _DECIDES if any(one.decides for one in meanings) else _WEAK if typed in _WEAK_WORDS else 1.0
        return AskedWord(typed, tuple(meanings), force * share * log(2 + self.documents / (1 + number)))


def _keys(words: Sequence[str]) -> set[tuple[str, ...]]:
    """Give the ways in which a phrase is looked up: as written, and stemmed in each language."""
    return {tuple(words), *(tuple(stem_of(word, language) for word in words) for language in ("nl", "en"))}


def _loose_keys(words: Sequence[str]) -> set[tuple[str, ...]]:
    """Give the ways in which a phrase is looked up whatever the order of its words."""
    return {tuple(sorted(stem_of(word, language) for word in words)) for language in ("nl", "en")}
