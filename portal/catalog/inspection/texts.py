"""What is wrong with the texts of a catalogue: not there, not translated, or not plain."""

from collections.abc import Iterator
from typing import Final

from portal.catalog.catalogue import Catalogue, ItemKind
from portal.catalog.codec import Data, block_as_data, product_as_data, question_as_data
from portal.catalog.inspection.finding import Finding, FindingCode, Subject
from portal.catalog.inspection.places import texts_of
from portal.catalog.inspection.wording import remarks_on

_A_SENTENCE: Final = 3
"""From this many words on, two languages do not say the same in the same words by chance."""


def text_findings(catalogue: Catalogue) -> Iterator[Finding]:
    """Find what is wrong with the texts of a whole catalogue; a question is judged once, in the library."""
    for code, product in catalogue.products.items():
        yield from _in_data(Subject(ItemKind.PRODUCT, code), product_as_data(product))
    for code, block in catalogue.blocks.items():
        yield from _in_data(Subject(ItemKind.BLOCK, code), {**block_as_data(block), "questions": []})
    for code, question in catalogue.questions.items():
        yield from _in_data(Subject(ItemKind.QUESTION, code), question_as_data(question))


def _in_data(subject: Subject, data: Data) -> Iterator[Finding]:
    for place, dutch, english in texts_of(data):
        if not dutch.strip() or not english.strip():
            yield Finding(code=FindingCode.MISSING_TRANSLATION, subject=subject, place=f"{place}.{'en' if dutch.strip() else 'nl'}")
        elif dutch.strip() == english.strip() and len(dutch.split()) >= _A_SENTENCE:
            yield Finding(code=FindingCode.SAME_TRANSLATION, subject=subject, place=place, details={"text": dutch})
        for code, details in remarks_on(dutch):
            yield Finding(code=code, subject=subject, place=f"{place}.nl", details=details)
