"""Words for what is agreed about a product, a building block or a line: who approves, when it begins, until when it can change."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from portal.catalog.agreement import Anchor, ApproverKind, NoReturnMoment
from portal.catalog.labels import APPROVERS, NO_RETURN_MOMENTS, norm_words
from portal.people.labels import ROLES
from portal.people.roles import Role
from portal.planning.norm import Norm, NormUnit
from portal.planning.plan import DependencyKind
from portal.web.words import _, _l

DEPENDENCIES: Final[Mapping[DependencyKind, Any]] = {
    DependencyKind.NEEDS: _l("needs the result"),
    DependencyKind.ORDER: _l("only comes later"),
}


def length_words(length: Mapping[str, Any]) -> str:
    """Write a stored length: "10 working days"."""
    return norm_words(Norm(length["amount"], NormUnit(length["unit"])))


def starts_words(offset: Mapping[str, Any]) -> str:
    """Write a stored beginning of a line."""
    length = length_words(offset["length"])
    if Anchor(offset["anchor"]) is Anchor.SUBMIT:
        return _("begins %(length)s after the request was submitted at the earliest", length=length)
    return _("begins %(length)s before the wished date at the earliest", length=length)


def no_return_words(point: Mapping[str, Any]) -> str:
    """Write a stored point of no return."""
    moment = NoReturnMoment(point["moment"])
    if moment is NoReturnMoment.BEFORE_WISHED_DATE:
        return _("from %(length)s before the wished date", length=length_words(point["length"]))
    return str(NO_RETURN_MOMENTS[moment])


def approver_words(approver: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Write a stored approver; `names` are questions by code."""
    kind = ApproverKind(approver["kind"])
    if kind is ApproverKind.ROLE:
        return _("somebody with the role “%(role)s”", role=ROLES[Role(approver["role"])])
    if kind is ApproverKind.FROM_ANSWER:
        return _("the person who is the answer to “%(question)s”", question=names.get(approver["question"], approver["question"]))
    return str(APPROVERS[kind])


def approvers_words(approvers: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    """Write stored approvers in their order."""
    return ", ".join(approver_words(one, names) for one in approvers)
