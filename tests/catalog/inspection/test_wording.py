"""Plain Dutch: short sentences, said by somebody, in words people use."""

import pytest

from portal.catalog.inspection.wording import plain_dutch, remarks_on


@pytest.mark.parametrize(
    "text",
    [
        "U krijgt een laptop. Wij zetten hem klaar.",
        "Het wordt druk.",
        "Dit wordt uw werkplek.",
        "Wij worden bekend.",
        "Uw gegevens worden anders.",
        "U vertelt wie en wat er verhuist.",
        "De regelingen worden anders, de gebeurtenissen ook.",
        "U heeft het al gedaan.",
        "Weet u het niet? Vraag het ons: wij helpen u.\nOok morgen.",
    ],
)
def test_plain_dutch_is_left_alone(text: str) -> None:
    assert list(remarks_on(text)) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("De zaal wordt schoongemaakt.", "passive"),
        ("Uw aanvraag werd door ons behandeld.", "passive"),
        ("Aangevraagde spullen worden thuis bezorgd.", "passive"),
        ("De bestelling zal worden nagekeken.", "passive"),
        ("Het wordt uitbetaald.", "passive"),
        ("Indien u komt, bel ons.", "jargon"),
        ("Wij doen dit TEN BEHOEVE VAN u.", "jargon"),
        ("Wij doen dit middels een brief.", "jargon"),
        (" ".join(["woord"] * 21) + ".", "long_sentence"),
    ],
)
def test_what_is_not_plain_is_found(text: str, code: str) -> None:
    assert [found.value for found, _ in remarks_on(text)] == [code]


def test_a_sentence_may_have_so_many_words_and_not_one_more() -> None:
    most = plain_dutch().most_words
    assert list(remarks_on(" ".join(["woord"] * most) + ". " + " ".join(["woord"] * most))) == []
    ((_, details),) = remarks_on("Kort. " + " ".join(["woord"] * (most + 1)))
    assert details["count"] == str(most + 1)


def test_the_words_are_in_small_letters_and_say_something_better() -> None:
    for word, better in plain_dutch().jargon.items():
        assert word == word.casefold()
        assert better not in plain_dutch().jargon
