"""Whom a text mentions, what a standard text fills in, and what becomes of Markdown."""

import pytest

from portal.requests.standard_texts.rules import SPELLINGS, Placeholder, fill_placeholders, unknown_placeholders
from portal.requests.talk.rules import mentioned_names
from portal.web.markdown import render_markdown


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@hans kijk jij?", ("hans",)),
        ("Kan @Hans.Bakker. of (@carla) dit? @hans.bakker!", ("hans.bakker", "carla")),
        ("Mail naar info@loket.example of @@dubbel", ()),
        ("@ alleen, en a@b", ()),
    ],
)
def test_a_name_after_an_at_sign_is_a_mention(text: str, names: tuple[str, ...]) -> None:
    assert mentioned_names(text) == names


def test_every_placeholder_is_filled_in_in_both_spellings() -> None:
    values = {one: f"<{one.value}>" for one in Placeholder}
    for one, words in SPELLINGS.items():
        assert fill_placeholders(f"{{{words.nl}}} {{ {words.en.upper()} }}", values) == f"<{one.value}> <{one.value}>"


def test_what_is_filled_in_is_not_looked_at_again() -> None:
    values = dict.fromkeys(Placeholder, "x") | {Placeholder.NAME: "{nummer} {{7*7}} %(a)s"}
    assert fill_placeholders("Beste {naam}, {onbekend} { los", values) == "Beste {nummer} {{7*7}} %(a)s, {onbekend} { los"


def test_unknown_placeholders_are_named() -> None:
    assert unknown_placeholders("{naam} {voornaam} {Verwachte  datum} {config.secret} {voornaam} {}") == ("voornaam", "config.secret", "")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[klik](javascript:alert(1))",
        "[klik](data:text/html;base64,PHNjcmlwdD4=)",
        "![foto](https://elders.example/volg.png)",
        "# kop\n\nkop\n---\n\n<h1>kop</h1>",
        "<a href='https://x.example' onclick='x()'>x</a>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_markdown_of_people_brings_nothing_in(text: str) -> None:
    shown = render_markdown(text).lower()
    for danger in ("<script", "<img", "<h1", "<h2", 'href="javascript', 'href="data', "<a href='"):
        assert danger not in shown


def test_markdown_shows_what_people_mean() -> None:
    shown = render_markdown("Hoi **Noor**,\nregel twee\n\n- een\n- twee\n\n[site](https://loket.example)")
    for part in ("<strong>Noor</strong>", "<br>", "<li>een</li>", '<a href="https://loket.example" rel="nofollow noopener noreferrer">'):
        assert part in shown
