"""Words for approvals: who is asked, where it stands, why somebody else decides, and what happened."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

from babel.lists import format_list
from flask_babel import get_locale

from portal.catalog.agreement import ApprovalMode, ApproverKind
from portal.catalog.labels import APPROVERS, minutes_words
from portal.core.texts import LocalText
from portal.people.labels import ROLES
from portal.people.roles import Role
from portal.planning.plan import Step
from portal.requests.approvers import Route
from portal.requests.approving import ApprovalState, NeededApproval, StepState
from portal.requests.models import Approval, ApprovalStep
from portal.web.filters import money
from portal.web.language import local
from portal.web.words import _, _l

STEP_STATES: Final[Mapping[StepState, Any]] = {
    StepState.WAITING: _l("not asked yet"),
    StepState.ASKED: _l("waiting for an answer"),
    StepState.APPROVED: _l("approved"),
    StepState.REFUSED: _l("not approved"),
    StepState.LAPSED: _l("not needed any more"),
}

APPROVAL_STATES: Final[Mapping[ApprovalState, Any]] = {
    ApprovalState.OPEN: _l("waiting for an answer"),
    ApprovalState.APPROVED: _l("approved"),
    ApprovalState.REFUSED: _l("not approved"),
    ApprovalState.LAPSED: _l("not needed any more"),
}

ROUTES: Final[Mapping[Route, Any]] = {
    Route.DIRECT: "",
    Route.OWN_REQUEST: _l("Nobody approves an own request, so somebody else decides."),
    Route.GONE: _l("Who would decide does not do that any more, so somebody else decides."),
    Route.UNKNOWN: _l("We do not know who that is, so the owner of the product or the coordinator decides."),
}


def who_words(step: ApprovalStep) -> str:
    """Say by what part somebody is asked, without a name."""
    if step.kind is ApproverKind.ROLE and step.role is not None:
        return str(ROLES[step.role])
    return str(APPROVERS[step.kind])


def needed_sentence(needed: NeededApproval, step: Step, names: Mapping[str, LocalText]) -> str:
    """Say before sending whose approval an order needs first, why, and how long that takes by its `step` in the plan."""
    style: Literal["or", "standard"] = "or" if needed.rule.mode is ApprovalMode.ONE_OF else "standard"
    who = format_list([_by_part(one.kind, one.role) for one in needed.rule.approvers], style=style, locale=get_locale() or "nl")
    if needed.block is None:
        told = _("Before we begin, this request needs the approval of %(who)s.", who=who)
    else:
        told = _("“%(task)s” first needs the approval of %(who)s.", task=local(names[needed.block]), who=who)
    takes = _("The dates count %(time)s for it.", time=minutes_words(step.expected_minutes, step.calendar.day_minutes))
    return " ".join(one for one in (told, limit_sentence(needed.rule.above_cents), takes) if one)


def limit_sentence(above_cents: int | None) -> str:
    """Say above which amount an approval is needed; empty when it always is."""
    return "" if above_cents is None else _("That is because it costs more than %(limit)s.", limit=money(above_cents))


def awaits_sentence(kind: ApproverKind) -> str:
    """Say whose approval is waited for."""
    return _("We are waiting for the approval of %(who)s.", who=_by_part(kind, None))


def title_of(approval: Approval) -> str:
    """Name an approval in the line of the plan."""
    return _("Approval of “%(name)s”", name=local(approval.name))


def names_of_steps(steps: Sequence[ApprovalStep]) -> str:
    """List what is to be approved."""
    return str(format_list([local(one.approval.name) for one in steps], locale=get_locale() or "nl"))


def _by_part(kind: ApproverKind, role: Role | None) -> str:
    """Name an approver within a sentence, without a name; a role that is not known is described."""
    if kind is not ApproverKind.ROLE:
        return str(APPROVERS[kind])
    return _("somebody with the role “%(role)s”", role=ROLES[role]) if role else _("a colleague who decides about this")


def _who_of(data: Mapping[str, Any]) -> str:
    role = data.get("role")
    return _by_part(ApproverKind(data["kind"]), Role(role) if role else None)


def _about(sentence: Callable[[str, str], str]) -> Callable[[Mapping[str, Any]], str]:
    return lambda data: sentence(local(LocalText.from_data(data["name"])), _who_of(data))


def _asked(data: Mapping[str, Any]) -> str:
    name, who = local(LocalText.from_data(data["name"])), _who_of(data)
    told = _("We asked %(who)s to approve “%(name)s”.", who=who, name=name)
    return f"{told} {ROUTES[Route(data['route'])]}".strip()


APPROVAL_SENTENCES: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "approval_asked": _asked,
    "approval_given": _about(lambda name, who: _("“%(name)s” was approved by %(who)s.", name=name, who=who)),
    "approval_refused": _about(lambda name, who: _("“%(name)s” was not approved by %(who)s.", name=name, who=who)),
    "approval_reminded": _about(lambda name, who: _("We reminded %(who)s that “%(name)s” waits for an answer.", name=name, who=who)),
}
