"""What of the catalogue can be found: the texts of a product per field, and their stems."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from portal.catalog.definition import BlockDefinition, ProductDefinition
from portal.core.texts import LocalText
from portal.search.ranking import Terms
from portal.search.terms import LANGUAGES, stem_of, telling_words

PRODUCT: Final = "product"

PartsOf = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All of a document before its words are looked at."""

    kind: str
    code: str
    name: LocalText
    summary: LocalText
    icon: str
    parts: tuple[LocalText, ...]
    body: tuple[LocalText, ...]
    audience: tuple[str, ...]

    def words(self) -> list[tuple[str, str]]:
        """Give the different words with their language, in order."""
        texts = (self.name, *self.parts, self.summary, *self.body)
        found = ((word, language) for text in texts for language in LANGUAGES for word in telling_words(text.in_language(language)))
        return sorted(set(found))


def product_content(definition: ProductDefinition, blocks: Mapping[str, BlockDefinition]) -> Content:
    """Put together what can be found of a product; its building blocks are its parts."""
    outcomes = [outcome for outcome in (definition.tree.outcomes if definition.tree else ()) if outcome.go_to is None]
    articles = [outcome.article for outcome in outcomes if outcome.article]
    own = [blocks[code] for code in definition.block_codes() if code in blocks]
    return Content(
        kind=PRODUCT,
        code=definition.code,
        name=definition.name,
        summary=definition.summary,
        icon=definition.icon,
        parts=tuple(dict.fromkeys([*(outcome.name for outcome in outcomes), *(block.name for block in own)])),
        body=(definition.description, *articles, *(block.description for block in own)),
        audience=tuple(sorted(definition.audience)),
    )


def terms_of(content: Content, parts_of: PartsOf) -> Terms:
    """Give the stems per field; of the name per language and word: the word itself, and then its parts."""
    return Terms(
        names=[list(_name(content.name.in_language(language), language, parts_of)) for language in LANGUAGES],
        fields={
            "parts": _stems(content.parts, parts_of),
            "summary": _stems([content.summary], parts_of),
            "body": _stems(content.body, parts_of),
        },
    )


def _name(text: str, language: str, parts_of: PartsOf) -> Iterator[list[str]]:
    for word in telling_words(text):
        yield list(dict.fromkeys([stem_of(word, language), *(parts_of(word) if language == "nl" else ())]))


def _stems(texts: Iterable[LocalText], parts_of: PartsOf) -> list[str]:
    found = (_name(text.in_language(language), language, parts_of) for text in texts for language in LANGUAGES)
    return list(dict.fromkeys(stem for words in found for word in words for stem in word))
