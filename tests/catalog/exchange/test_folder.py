"""The catalogue as a folder: what is written reads back the same, and the same catalogue gives the same files."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.catalog.catalogue import Catalogue
from portal.catalog.definition import BlockDefinition, ProductDefinition, Question
from portal.catalog.exchange.comparison import compare_catalogues, is_same
from portal.catalog.exchange.folder import read_catalogue
from portal.catalog.exchange.writing import catalogue_as_files, write_folder
from portal.core.texts import LocalText
from portal.core.yaml_files import Problems
from tests.catalog import strategies
from tests.seeding.seeds import SEEDS

# Whatever people can type or paste: codes that YAML reads in its own way, quotes, several lines, signs of all kinds.
odd_texts = st.sampled_from(
    [
        "no",
        "0x1F",
        "1_000",
        "- a",
        "a: b",
        "# c",
        "{x}",
        "'",
        '"',
        "two\nlines",
        " x ",
        "a\n\n b",
        "~",
        "\t",
        "é\u00a0\u2028x",
        "0\x85",
        "\ufeffx",
        "?a",
        ": x",
    ]
)
any_texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
words = st.one_of(odd_texts, any_texts).filter(lambda text: bool(text.strip()))
texts = st.builds(LocalText, nl=words, en=words)


def one_each(items: Sequence[Question | BlockDefinition | ProductDefinition]) -> dict[str, object]:
    return {item.code: item for item in items}


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    """Draw a catalogue of which the blocks ask questions of the library."""
    library = one_each([replace(one, label=draw(texts)) for one in draw(st.lists(strategies.questions(), max_size=4))])
    asked = st.lists(st.sampled_from(sorted(library)), unique=True) if library else st.just([])
    blocks = [
        replace(one, task=draw(texts), questions=tuple(library[code] for code in draw(asked)))  # type: ignore[misc]
        for one in draw(st.lists(strategies.block_definitions, max_size=3))
    ]
    products = [replace(one, summary=draw(texts)) for one in draw(st.lists(strategies.products, max_size=2))]
    return Catalogue(questions=library, blocks=one_each(blocks), products=one_each(products))  # type: ignore[arg-type]


def read_back(folder: Path) -> Catalogue:
    problems = Problems()
    files = read_catalogue(folder, root=folder, problems=problems)
    problems.raise_if_any()
    return files.catalogue


@settings(max_examples=60, deadline=None)
@given(catalogues())
def test_what_is_written_reads_back_the_same(catalogue: Catalogue) -> None:
    with TemporaryDirectory() as folder:
        write_folder(Path(folder), catalogue)
        read = read_back(Path(folder))
    assert read == catalogue
    assert is_same(compare_catalogues(catalogue, read))
    assert catalogue_as_files(read) == catalogue_as_files(catalogue)


@pytest.fixture(scope="module")
def seeds() -> Catalogue:
    return read_back(SEEDS / "base")


def test_the_real_catalogue_reads_back_the_same(seeds: Catalogue, tmp_path: Path) -> None:
    assert write_folder(tmp_path, seeds) == []
    again = read_back(tmp_path)
    assert again == seeds
    assert catalogue_as_files(again) == catalogue_as_files(seeds)


def test_the_files_read_as_people_write_them(seeds: Catalogue) -> None:
    files = catalogue_as_files(seeds)
    assert list(files)[:2] == ["questions.yaml", "blocks/communicatie.yaml"]
    assert files["questions.yaml"].startswith("- code: agency_name\n  kind: text\n  label: {nl: ")
    assert "  norm: {amount: 3, unit: working_days}\n" in files["blocks/facilitair.yaml"]
    assert "  - {block: naambordjes, after: personeelsbestand-muteren, kind: needs}\n" in files["products/verhuizing.yaml"]
    assert not [line for text in files.values() for line in text.splitlines() if line != line.rstrip()]


def test_the_order_does_not_hang_on_how_the_catalogue_came_to_be(seeds: Catalogue) -> None:
    turned = Catalogue(
        questions=dict(reversed(seeds.questions.items())),
        blocks=dict(reversed(seeds.blocks.items())),
        products=dict(reversed(seeds.products.items())),
    )
    assert catalogue_as_files(turned) == catalogue_as_files(seeds)


def test_what_is_no_part_of_the_catalogue_is_told_and_stays(seeds: Catalogue, tmp_path: Path) -> None:
    write_folder(tmp_path, seeds)
    own = tmp_path / "products" / "own.yaml"
    own.write_text("code: own\n", encoding="utf-8")
    assert write_folder(tmp_path, seeds) == ["products/own.yaml"]
    assert own.read_text(encoding="utf-8") == "code: own\n"
