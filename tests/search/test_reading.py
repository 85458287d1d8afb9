"""Words, stems, compounds and meanings, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.compounds import split_compound
from portal.search.pages import mark
from portal.search.rules import Reading
from portal.search.terms import stem_of, words_of
from portal.search.vocabulary import MISTYPED, Synonym, Vocabulary

WORDS = Vocabulary(
    counts={("zaalreservering", "nl"): 1, ("zaal", "nl"): 2, ("verhuizing", "nl"): 1, ("workplace", "en"): 3, ("helpdesk", "nl"): 1},
    synonyms=[
        Synonym("ruimte", "zaal"),
        Synonym("meeting room", "zaalreservering"),
        Synonym("vergaderen", "zaal"),
        Synonym("boeken", "reservering"),
        Synonym("kapot", "helpdesk", decides=True),
    ],
    documents=5,
)
PARTS = frozenset({"zaal", "reservering", "vergader", "ruimte", "werk", "plek", "dienst", "verlening"})


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("zaalreservering", ("zaal", "reservering")),
        ("vergaderruimtereservering", ("vergader", "ruimte", "reservering")),
        ("dienstenverlening", ("dienst", "verlening")),
        ("werkplekken", ()),
        ("zaal", ()),
        ("reserveringszaalx", ()),
        ("", ()),
    ],
)
def test_compounds(word: str, parts: tuple[str, ...]) -> None:
    assert split_compound(word, PARTS) == parts


@given(st.lists(st.sampled_from(sorted(PARTS)), min_size=2, max_size=4))
def test_what_is_put_together_comes_apart(parts: list[str]) -> None:
    found = split_compound("".join(parts), PARTS)
    assert 1 < len(found) <= len(parts)
    assert set(found) <= PARTS


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=60))
def test_parts_are_known_and_in_order(word: str) -> None:
    rest = word
    for part in split_compound(word, PARTS):
        assert part in PARTS
        assert part in rest
        rest = rest.partition(part)[2]


@pytest.mark.parametrize(("left", "right"), [("zalen", "zaal"), ("gereserveerd", "reservering"), ("verhuizingen", "verhuizen")])
def test_inflections_have_one_stem(left: str, right: str) -> None:
    assert stem_of(left, "nl") == stem_of(right, "nl")


def test_words_are_plain() -> None:
    assert words_of("Eén ICT-helpdesk, risico's & café!") == ["een", "ict", "helpdesk", "risico", "cafe"]


@pytest.mark.parametrize(
    ("typed", "stems"),
    [
        ("meeting rooms", {"zaalreserveer"}),
        ("verhiuzing", {"verhuis"}),
        ("workplaces", {"workplac"}),
        ("ruimtes", {"zaal"}),
        ("help desk", {"helpdesk"}),
        ("rooms for a meeting", {"zaalreserveer"}),
        ("kerstverhuizing", {"verhuis"}),
        ("verhuizingsdag", {"verhuis"}),
        ("xyzzyvoor", set()),
    ],
)
def test_meanings(typed: str, stems: set[str]) -> None:
    asked = WORDS.read(typed)
    assert {stem for word in asked for meaning in word.meanings for stem in meaning.stems} == stems


def test_what_decides_outweighs_what_stands_beside_it() -> None:
    chair, broken = WORDS.read("zaal kapot")
    assert broken.weight > 2 * chair.weight


def test_new_says_little() -> None:
    vocabulary = Vocabulary(counts={("nieuwe", "nl"): 2, ("zaal", "nl"): 2}, synonyms=[], documents=5)
    new, room = vocabulary.read("nieuwe zaal")
    assert new.weight < room.weight / 2


def test_each_word_tells_how_it_was_read() -> None:
    read = [
        (word.typed, meaning.how, meaning.words) for word in WORDS.read("kapot verhiuzing zomerverhuizing") for meaning in word.meanings
    ]
    assert read == [
        ("kapot", Reading.SYNONYM, "helpdesk"),
        ("verhiuzing", Reading.MISTYPED, "verhuizing"),
        ("zomerverhuizing", Reading.PIECE, "verhuizing"),
    ]


def test_a_typing_error_is_less_sure() -> None:
    assert [meaning.certainty for word in WORDS.read("verhiuzing") for meaning in word.meanings] == [MISTYPED]


@given(st.text(max_size=200))
def test_anything_can_be_typed(text: str) -> None:
    for is_typing in (False, True):
        for word in WORDS.read(text, is_typing=is_typing):
            assert word.weight > 0
            assert all(stem.isalnum() and stem.isascii() for meaning in word.meanings for stem in meaning.stems)


@given(st.text(max_size=100))
def test_marking_loses_no_sign(text: str) -> None:
    pieces = mark(text, frozenset({"zaal"}), WORDS.parts_of)
    assert "".join(piece for piece, _ in pieces) == text


def test_a_part_of_a_compound_is_marked_as_a_whole() -> None:
    assert mark("De zaalreservering.", frozenset({"zaal"}), WORDS.parts_of) == [
        ("De", False),
        (" ", False),
        ("zaalreservering", True),
        (".", False),
    ]
