"""Words for the codes of the catalogue, in the language of the page."""

from collections.abc import Collection, Mapping
from math import ceil
from typing import Any, Final

from babel.lists import format_list
from flask_babel import get_locale

from portal.catalog.agreement import Anchor, ApprovalMode, ApproverKind, NoReturnMoment
from portal.catalog.definition import CatalogueKind, Level, Need, Privacy, ProductKind, QuestionKind, Theme, Tier
from portal.catalog.variants import Presence
from portal.catalog.workflow import VersionState
from portal.core.texts import LocalText
from portal.people.audience import CITIZEN, Belonging, split_token
from portal.people.roles import Role
from portal.planning.norm import Norm, NormUnit
from portal.web.language import local
from portal.web.words import _, _l, ngettext

_HOUR_MINUTES: Final = 60

TIERS: Final[Mapping[Tier, Any]] = {
    Tier.BASIC: _l("Basic"),
    Tier.PLUS: _l("Plus"),
    Tier.SUPPLEMENTARY: _l("Supplementary"),
}

TIER_EXPLANATIONS: Final[Mapping[Tier, Any]] = {
    Tier.BASIC: _l("For everybody, part of the standard services"),
    Tier.PLUS: _l("More than the standard, agreed with your department"),
    Tier.SUPPLEMENTARY: _l("Made to measure, with its own agreement"),
}

LEVELS: Final[Mapping[Level, Any]] = {
    Level.OPERATIONAL: _l("Operational"),
    Level.TACTICAL: _l("Tactical"),
    Level.STRATEGIC: _l("Strategic"),
}

LEVEL_EXPLANATIONS: Final[Mapping[Level, Any]] = {
    Level.OPERATIONAL: _l("Needed for today's work"),
    Level.TACTICAL: _l("To organise the work better"),
    Level.STRATEGIC: _l("To decide where to go"),
}

CATALOGUE_KINDS: Final[Mapping[CatalogueKind, Any]] = {
    CatalogueKind.PRODUCTS: _l("Products"),
    CatalogueKind.BLOCKS: _l("Building blocks"),
}

KINDS: Final[Mapping[ProductKind, Any]] = {
    ProductKind.SINGLE: _l("Product"),
    ProductKind.SITUATION: _l("Situation"),
}

THEMES: Final[Mapping[Theme, Any]] = {
    Theme.WORKPLACE: _l("Workplace"),
    Theme.PEOPLE: _l("People"),
    Theme.MEETING: _l("Meetings"),
    Theme.BUILDING: _l("Building and moving"),
    Theme.ICT: _l("Computers and software"),
    Theme.COMMUNICATION: _l("Communication and print"),
    Theme.ADVICE: _l("Advice and purchasing"),
}

ICON_NAMES: Final[Mapping[str, Any]] = {
    "screen": _l("a screen"),
    "desk": _l("a desk"),
    "phone": _l("a phone"),
    "software": _l("software"),
    "print": _l("a printer"),
    "helpdesk": _l("a headset"),
    "person": _l("a person"),
    "new": _l("a plus sign"),
    "meeting": _l("people together"),
    "talk": _l("a conversation"),
    "room": _l("a room"),
    "home": _l("a house"),
    "building": _l("a building"),
    "department": _l("a department"),
    "move": _l("a removal van"),
    "cart": _l("a shopping cart"),
    "tender": _l("a paper with a tick"),
    "law": _l("a pair of scales"),
    "report": _l("a warning sign"),
    "shield": _l("a shield"),
}
"""What each icon of a product shows."""

QUESTION_KINDS: Final[Mapping[QuestionKind, Any]] = {
    QuestionKind.TEXT: _l("one line of text"),
    QuestionKind.LONG_TEXT: _l("text"),
    QuestionKind.NUMBER: _l("a number"),
    QuestionKind.MONEY: _l("an amount of money"),
    QuestionKind.DATE: _l("a date"),
    QuestionKind.TIME: _l("a time"),
    QuestionKind.YES_NO: _l("yes or no"),
    QuestionKind.ONE_OF: _l("one choice"),
    QuestionKind.SEVERAL_OF: _l("one or more choices"),
    QuestionKind.PERSON: _l("a colleague"),
    QuestionKind.LOCATION: _l("a location"),
    QuestionKind.EMAIL: _l("an e-mail address"),
    QuestionKind.PHONE: _l("a phone number"),
    QuestionKind.FILE: _l("a file"),
}

ANCHORS: Final[Mapping[Anchor, Any]] = {
    Anchor.SUBMIT: _l("after the request was submitted"),
    Anchor.WISHED_DATE: _l("before the wished date"),
}

NO_RETURN_MOMENTS: Final[Mapping[NoReturnMoment, Any]] = {
    NoReturnMoment.READY: _l("when the department can begin"),
    NoReturnMoment.STARTED: _l("when the department has started"),
    NoReturnMoment.BEFORE_WISHED_DATE: _l("some time before the wished date"),
}

APPROVERS: Final[Mapping[ApproverKind, Any]] = {
    ApproverKind.MANAGER: _l("the manager of the requester"),
    ApproverKind.BUDGET_HOLDER: _l("the budget holder of the cost centre"),
    ApproverKind.PRODUCT_OWNER: _l("the owner of the product"),
    ApproverKind.ROLE: _l("somebody with a role"),
    ApproverKind.FROM_ANSWER: _l("the person of an answer"),
}

APPROVAL_MODES: Final[Mapping[ApprovalMode, Any]] = {
    ApprovalMode.ONE_OF: _l("one of them is enough"),
    ApprovalMode.ALL_OF: _l("all of them, in any order"),
    ApprovalMode.IN_ORDER: _l("all of them, one after the other"),
}

NORM_UNITS: Final[Mapping[NormUnit, Any]] = {
    NormUnit.WORKING_DAYS: _l("working days"),
    NormUnit.WORKING_HOURS: _l("working hours"),
}

NEEDS: Final[Mapping[Need, Any]] = {
    Need.REQUIRED: _l("required"),
    Need.RECOMMENDED: _l("recommended"),
    Need.OPTIONAL: _l("optional"),
}

PRIVACY: Final[Mapping[Privacy, Any]] = {
    Privacy.NONE: _l("not personal"),
    Privacy.PERSONAL: _l("personal"),
    Privacy.SENSITIVE: _l("sensitive"),
}

VERSION_STATES: Final[Mapping[VersionState, Any]] = {
    VersionState.DRAFT: _l("draft"),
    VersionState.IN_REVIEW: _l("in review"),
    VersionState.SCHEDULED: _l("approved, waits for its day"),
    VersionState.PUBLISHED: _l("published"),
    VersionState.RETIRED: _l("retired"),
}

PRESENCES: Final[Mapping[Presence, Any]] = {
    Presence.ALWAYS: _l("Always included"),
    Presence.CONDITIONAL: _l("Depends on your answers"),
    Presence.OPTIONAL: _l("Included, you can leave it out"),
    Presence.EXTRA: _l("You can add this"),
}

# Who may ask, as the subject of a sentence.
AUDIENCES: Final[Mapping[Role, Any]] = {
    Role.EMPLOYEE: _l("everybody who works here"),
    Role.PARTNER: _l("partners of other organisations"),
    Role.MANAGER: _l("managers"),
    Role.BACK_OFFICE: _l("the departments that do the work"),
    Role.DEPARTMENT_MANAGER: _l("managers of a department that does the work"),
    Role.SERVICE_DESK: _l("the service desk"),
    Role.COORDINATOR: _l("coordinators"),
    Role.CATALOGUE_MANAGER: _l("catalogue managers"),
    Role.KNOWLEDGE_AUTHOR: _l("authors of the knowledge base"),
    Role.ADMINISTRATOR: _l("administrators"),
}


def norm_words(norm: Norm) -> str:
    """Write a service norm: "3 working days"."""
    return days_words(norm.amount) if norm.unit is NormUnit.WORKING_DAYS else hours_words(norm.amount)


def days_words(days: float) -> str:
    """Write working days, begun ones in full."""
    return ngettext("%(num)d working day", "%(num)d working days", ceil(days))


def hours_words(hours: float) -> str:
    """Write working hours, begun ones in full."""
    return ngettext("%(num)d working hour", "%(num)d working hours", ceil(hours))


def minutes_words(minutes: int, day_minutes: int) -> str:
    """Write working minutes as working days of a department, or as hours below one day; begun ones in full."""
    return days_words(minutes / day_minutes) if minutes >= day_minutes else hours_words(minutes / _HOUR_MINUTES)


def ready_words(fewest: float, most: float) -> str:
    """Say within how many working days something is ready; a range when it hangs on what is chosen."""
    if ceil(fewest) == ceil(most):
        return _("Ready within %(days)s", days=days_words(most))
    return _("Ready within %(fewest)d to %(most)s", fewest=ceil(fewest), most=days_words(most))


def usually_ready_words(fewest: float, most: float) -> str:
    """Say the same from what it took lately."""
    if ceil(fewest) == ceil(most):
        return _("Usually ready within %(days)s", days=days_words(most))
    return _("Usually ready within %(fewest)d to %(most)s", fewest=ceil(fewest), most=days_words(most))


def audience_words(audience: Collection[str], names: Mapping[str, LocalText] | None = None) -> str:
    """Say who may ask: "managers"; nobody for an empty audience. `names` are those of departments, functions and locations by token."""
    words = [_("everybody, also without an account")] if CITIZEN in audience else []
    words += [str(AUDIENCES[role]) for role in Role if role.value in audience]
    words += [token_words(text, names or {}) for text in sorted(audience) if split_token(text)]
    return str(format_list(words, locale=get_locale() or "nl")) if words else _("nobody at this moment")


def token_words(text: str, names: Mapping[str, LocalText]) -> str:
    """Write the token of a department, a function or a location as the subject of a sentence."""
    found = split_token(text)
    if found is None:
        raise ValueError(text)
    kind, code = found
    name = local(names[text]) if text in names else code
    match kind:
        case Belonging.DEPARTMENT:
            return _("people of the department %(name)s", name=name)
        case Belonging.FUNCTION:
            return _("people with the function %(name)s", name=name)
        case Belonging.LOCATION:
            return _("people who work at %(name)s", name=name)
