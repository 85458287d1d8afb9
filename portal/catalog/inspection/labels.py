"""Words for what the check of the catalogue finds."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from portal.catalog.catalogue import ItemKind
from portal.catalog.inspection.finding import Finding, FindingCode, FindingLevel
from portal.catalog.labels import audience_words
from portal.web.filters import day
from portal.web.words import _l

LEVELS: Final[Mapping[FindingLevel, Any]] = {
    FindingLevel.FAULT: _l("Fault"),
    FindingLevel.ADVICE: _l("Advice"),
}

ITEM_KINDS: Final[Mapping[ItemKind, Any]] = {
    ItemKind.QUESTION: _l("Question"),
    ItemKind.BLOCK: _l("Building block"),
    ItemKind.PRODUCT: _l("Product"),
}

SENTENCES: Final[Mapping[FindingCode, Any]] = {
    FindingCode.CYCLE: _l("These wait for each other in a circle, so nothing can begin."),
    FindingCode.UNREACHABLE: _l("No answer leads here, so nobody gets to see it."),
    FindingCode.NO_OUTCOME: _l("This answer leads nowhere. Choose a question or an outcome for it."),
    FindingCode.UNKNOWN_BLOCK: _l("This building block is not published."),
    FindingCode.WITHOUT_DEPARTMENT: _l("No department does this work: “%(code)s” is not a department."),
    FindingCode.WITHOUT_NORM: _l("There is no norm, so we cannot promise a date."),
    FindingCode.WITHOUT_CALENDAR: _l("The department “%(code)s” has no opening hours, so we cannot promise a date."),
    FindingCode.NEVER_HOLDS: _l("This condition can never hold, whatever people answer."),
    FindingCode.MISSING_TRANSLATION: _l("The text is missing in one of the two languages."),
    FindingCode.GONE_PRODUCT: _l("This leads to the product “%(code)s”, which is not published."),
    FindingCode.NOT_FOR_THEM: _l(
        "This is also for %(people)s, but not all of them may ask for the product “%(code)s” to which it leads. "
        "Choose another outcome, or make both products for the same people."
    ),
    FindingCode.UNKNOWN_UPN: _l("“%(code)s” does not stand in the Uniforme Productnamenlijst that was imported."),
    FindingCode.REFUSED: _l("This cannot be published: %(reason)s."),
    FindingCode.UNKNOWN_TEAM: _l("The department has no team “%(code)s”."),
    FindingCode.ROLE_OF_NOBODY: _l("Nobody has the role “%(code)s”, so nobody could approve."),
    FindingCode.NO_PERSON_QUESTION: _l("This answer must name who approves, but no question here asks for that colleague."),
    FindingCode.NO_WISHED_DATE: _l("This counts back from the wished date, but this product does not ask for one."),
    FindingCode.FILE_CONDITION: _l("A condition cannot look inside a file or at who a colleague is. Ask only whether it is filled in."),
    FindingCode.ARTICLE_AND_BLOCKS: _l("An outcome with an article asks for nothing: it has no building blocks and leads nowhere else."),
    FindingCode.TERM_WITHOUT_DATE: _l("“%(code)s” has a term before the wished date, but this product does not ask for that date."),
    FindingCode.WITHOUT_OWNER: _l("Nobody owns this: “%(code)s” is not a department."),
    FindingCode.OWNER_OF_NOBODY: _l("The owner must approve, but nobody manages the department “%(code)s”. A coordinator decides instead."),
    FindingCode.MANAGER_OF_NOBODY: _l(
        "The manager of the requester must approve, but nobody here has a manager. The owner of the product decides instead."
    ),
    FindingCode.BUDGET_OF_NOBODY: _l(
        "The budget holder must approve, but no cost centre has one. The owner of the product decides instead."
    ),
    FindingCode.AUDIENCE_GONE: _l("This is for %(code)s, but that department, function or location does not exist."),
    FindingCode.AUDIENCE_OF_NOBODY: _l("This is for %(code)s, but nobody belongs to that at this moment."),
    FindingCode.PRICE_GAP: _l("From %(first)s to %(last)s there is no price, so nobody knows what it costs."),
    FindingCode.PRICE_ENDED: _l("The last price has ended, so nobody knows what it costs now."),
    FindingCode.PRICE_ENDS: _l("From %(first)s on there is no price. Add the next price before that day."),
    FindingCode.UNUSED_QUESTION: _l("No building block asks this question."),
    FindingCode.UNUSED_BLOCK: _l("No product holds this building block."),
    FindingCode.OUTDATED_QUESTION: _l("This asks an older version of the question “%(code)s”. Publish the building block again."),
    FindingCode.SAME_TRANSLATION: _l("Dutch and English are the same: “%(text)s”. Was it translated?"),
    FindingCode.LONG_SENTENCE: _l("A sentence of %(count)s words: “%(sentence)s” Make two of it."),
    FindingCode.PASSIVE: _l("Passive: “%(sentence)s” Say who does it."),
    FindingCode.JARGON: _l("Officialese: “%(word)s”. Say “%(better)s”."),
}


_AUDIENCE_IN: Final[Mapping[FindingCode, str]] = {
    FindingCode.AUDIENCE_GONE: "code",
    FindingCode.AUDIENCE_OF_NOBODY: "code",
    FindingCode.NOT_FOR_THEM: "people",
}
"""The detail that is the token of an audience."""


def sentence_of(finding: Finding) -> str:
    """Say what is wrong, in the language of the page."""
    sentence = str(SENTENCES[finding.code])
    details = {name: day(detail) if isinstance(detail, date) else detail for name, detail in finding.details.items()}
    if finding.code in _AUDIENCE_IN:
        name = _AUDIENCE_IN[finding.code]
        details[name] = audience_words([details[name]])
    return sentence % details if details else sentence
