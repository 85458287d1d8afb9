"""Reading approvals: what waits for somebody, who may decide, and what is still not decided."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from portal.catalog.models import ProductVersion
from portal.core.errors import NotFoundError
from portal.core.paging import PAGE_SIZE
from portal.core.references import parse_request_number
from portal.people.models import Person, RoleAssignment, Substitute
from portal.people.roles import Role
from portal.requests.approvals.models import ApprovalLink
from portal.requests.approvals.policy import has_part_in
from portal.requests.approving import StepState
from portal.requests.models import Approval, ApprovalStep, Request
from portal.requests.queries import find_request

MOST_REMINDERS: Final = 3


def list_waiting_for(session: Session, *, person_id: int, today: date) -> Sequence[ApprovalStep]:
    """List the steps that a person may decide now, for oneself or as a deputy, the longest waiting request first.

    With approval, request, product and requester.
    """
    return session.scalars(_waiting_for(person_id, today).limit(PAGE_SIZE)).all()


def has_waiting(session: Session, *, person_id: int, request_id: int, today: date) -> bool:
    """Tell whether a person may decide now about a part of this request."""
    steps = select(ApprovalStep.id).join(ApprovalStep.approval).join(Approval.request)
    return bool(session.scalar(select(steps.where(_is_up_to(person_id, today), Request.id == request_id).exists())))


def list_waiting_together(session: Session, *, person_id: int, request_id: int, today: date) -> Sequence[ApprovalStep]:
    """List the steps that a person may decide now of a request and of those that were sent in with it, as `list_waiting_for`."""
    return session.scalars(_waiting_for(person_id, today).where(_sent_in_with(request_id))).all()


def list_asked_together(session: Session, step: ApprovalStep, *, request_id: int) -> Sequence[ApprovalStep]:
    """List the steps that were asked at the same moment as this one, of its request and of those that were sent in with it.

    By request; what was decided since is left out.
    """
    query = select(ApprovalStep).join(ApprovalStep.approval).join(Approval.request)
    same = query.where(ApprovalStep.state == StepState.ASKED, ApprovalStep.asked_at == step.asked_at)
    together = same.where(_sent_in_with(request_id)).order_by(Request.id, ApprovalStep.id)
    return session.scalars(together.options(joinedload(ApprovalStep.approval).joinedload(Approval.request))).all()


def count_waiting_for(session: Session, *, person_id: int, today: date) -> int:
    """Count the steps that a person may decide now."""
    query = select(func.count()).select_from(ApprovalStep).join(ApprovalStep.approval).join(Approval.request)
    return session.scalars(query.where(_is_up_to(person_id, today))).one()


def get_request_to_approve(session: Session, *, by: Person, principals: Sequence[Person], number: str, for_change: bool = False) -> Request:
    """Load a request for somebody who is asked to approve a part of it, or decided about one; `for_change` locks it.

    :raises NotFoundError: there is no such request, or the person has no part in approving it.
    """
    parts = parse_request_number(number)
    request = find_request(session, parts[1], for_change=for_change) if parts else None
    if request is None or parts is None or request.submitted_at.year != parts[0] or not has_part_in(by, request, principals=principals):
        raise NotFoundError
    return request


def list_deciders(session: Session, step: ApprovalStep, *, concerned: Sequence[int], today: date) -> Sequence[int]:
    """List the ids of who may decide a step today: who was asked, and who stands in for them; never who is `concerned`."""
    asked = _asked(step)
    deputies = select(Substitute.deputy_id).where(
        Substitute.person_id.in_(asked), Substitute.from_on <= today, Substitute.until_on >= today
    )
    query = select(Person.id).where(Person.is_active, or_(Person.id.in_(asked), Person.id.in_(deputies)), Person.id.not_in(concerned))
    return session.scalars(query.order_by(Person.id)).all()


def list_to_remind(session: Session, *, at: datetime, most: int) -> Sequence[tuple[int, int]]:
    """List (request, step) of who did not answer in time and was not reminded often enough."""
    query = select(Approval.request_id, ApprovalStep.id).join(ApprovalStep.approval)
    query = query.where(ApprovalStep.state == StepState.ASKED, ApprovalStep.remind_at <= at)
    rows = session.execute(query.order_by(ApprovalStep.remind_at, ApprovalStep.id).limit(most))
    return [(request_id, step_id) for request_id, step_id in rows]


def list_left(session: Session, *, most: int) -> Sequence[tuple[int, int]]:
    """List (request, step) of who was asked and left the organisation, and of roles that nobody has any more who may decide.

    A coordinator is the last who can be asked: that role stays asked until somebody has it.
    """
    holder = aliased(Person)
    holds = and_(RoleAssignment.role == ApprovalStep.role, RoleAssignment.person_id == holder.id, _is_anywhere())
    is_held = exists().where(holds, holder.is_active, _is_outside(holder.id))
    is_nobodys = and_(ApprovalStep.approver_id.is_(None), ApprovalStep.role != Role.COORDINATOR, ~is_held)
    query = select(Approval.request_id, ApprovalStep.id).join(ApprovalStep.approval).join(Approval.request)
    query = query.outerjoin(ApprovalStep.approver).where(or_(Person.is_active.is_(False), is_nobodys))
    query = query.where(ApprovalStep.state == StepState.ASKED).order_by(ApprovalStep.id).limit(most)
    return [(request_id, step_id) for request_id, step_id in session.execute(query)]


def list_asked_since(session: Session, step: ApprovalStep, *, most: int) -> Sequence[datetime]:
    """List since when others like this approver are asked, for products of the same department; the newest first."""
    query = select(ApprovalStep.asked_at).join(ApprovalStep.approval).where(ApprovalStep.state == StepState.ASKED)
    alike = query.where(
        ApprovalStep.kind == step.kind, Approval.department_id == step.approval.department_id, ApprovalStep.asked_at.is_not(None)
    )
    return [since for since in session.scalars(alike.order_by(ApprovalStep.asked_at.desc()).limit(most)) if since]


def list_stuck(session: Session, *, most: int = PAGE_SIZE) -> Sequence[ApprovalStep]:
    """List the steps whose approver was reminded as often as we do and still did not answer, with approval, request and approver."""
    query = select(ApprovalStep).where(ApprovalStep.state == StepState.ASKED, ApprovalStep.remind_at.is_(None))
    query = query.where(ApprovalStep.reminders >= MOST_REMINDERS).order_by(ApprovalStep.asked_at, ApprovalStep.id).limit(most)
    return session.scalars(query.options(*_with_request(), joinedload(ApprovalStep.approver))).all()


def list_principals(session: Session, *, person_id: int, today: date) -> Sequence[Person]:
    """List the active persons for whom somebody stands in today, with their roles."""
    for_whom = select(Substitute.person_id).where(
        Substitute.deputy_id == person_id, Substitute.from_on <= today, Substitute.until_on >= today
    )
    query = select(Person).where(Person.id.in_(for_whom), Person.is_active).options(joinedload(Person.assignments))
    return session.scalars(query.order_by(Person.id)).unique().all()


def list_deputies(session: Session, *, person_ids: Sequence[int], today: date) -> Sequence[Substitute]:
    """List who stands in today for these persons, with the deputy."""
    query = select(Substitute).where(Substitute.person_id.in_(person_ids), Substitute.from_on <= today, Substitute.until_on >= today)
    return session.scalars(query.options(joinedload(Substitute.deputy)).order_by(Substitute.id)).all()


def find_link(session: Session, *, request_id: int, person_id: int, at: datetime) -> ApprovalLink | None:
    """Find the link of a person to decide about a request that is still good."""
    query = select(ApprovalLink).where(ApprovalLink.request_id == request_id, ApprovalLink.person_id == person_id)
    query = query.where(ApprovalLink.used_at.is_(None), ApprovalLink.expires_at > at).order_by(ApprovalLink.id.desc()).limit(1)
    return session.scalars(query).one_or_none()


def find_link_of(session: Session, *, token_hash: str) -> ApprovalLink | None:
    """Find the link with this fingerprint, good or used up."""
    return session.scalars(select(ApprovalLink).where(ApprovalLink.token_hash == token_hash)).one_or_none()


def _asked(step: ApprovalStep) -> Select[int]:
    """Choose who was asked: a person, or everybody with the role."""
    if step.approver_id is not None:
        return select(Person.id).where(Person.id == step.approver_id)
    holders = select(RoleAssignment.person_id).where(RoleAssignment.role == step.role)
    if step.department_id is not None:
        holders = holders.where(or_(RoleAssignment.department_id == step.department_id, RoleAssignment.department_id.is_(None)))
    return holders


def _sent_in_with(request_id: int) -> ColumnElement[bool]:
    """Say that it is this request, or one that was sent in at once with it."""
    group = select(Request.together_id).where(Request.id == request_id).scalar_subquery()
    return or_(Request.id == request_id, Request.together_id == group)


def _waiting_for(person_id: int, today: date) -> Select[ApprovalStep]:
    query = select(ApprovalStep).join(ApprovalStep.approval).join(Approval.request).where(_is_up_to(person_id, today))
    return query.order_by(Request.submitted_at, Request.id, ApprovalStep.id).options(*_with_request(), joinedload(ApprovalStep.approver))


def _is_up_to(person_id: int, today: date) -> ColumnElement[bool]:
    """Say that a step waits for this person, in person, by a role, or as a deputy, and that it is not an own request."""
    stands_for = select(Substitute.person_id).where(
        Substitute.deputy_id == person_id, Substitute.from_on <= today, Substitute.until_on >= today
    )
    by_name = or_(ApprovalStep.approver_id == person_id, ApprovalStep.approver_id.in_(stands_for))
    whose = or_(RoleAssignment.person_id == person_id, RoleAssignment.person_id.in_(stands_for))
    by_role = and_(ApprovalStep.approver_id.is_(None), exists().where(RoleAssignment.role == ApprovalStep.role, whose, _is_anywhere()))
    return and_(ApprovalStep.state == StepState.ASKED, or_(by_name, by_role), _is_outside(person_id))


def _is_anywhere() -> ColumnElement[bool]:
    """Say that a role is held where a step asks for it."""
    return or_(
        ApprovalStep.department_id.is_(None),
        RoleAssignment.department_id.is_(None),
        RoleAssignment.department_id == ApprovalStep.department_id,
    )


def _is_outside(person_id: int | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Say that it is not an own request of this person."""
    return and_(
        Request.requester_id != person_id,
        Request.submitted_by_id != person_id,
        or_(Request.beneficiary_id.is_(None), Request.beneficiary_id != person_id),
    )


def _with_request() -> tuple[ORMOption, ...]:
    request = joinedload(ApprovalStep.approval).joinedload(Approval.request)
    name_only = request.joinedload(Request.product_version).load_only(ProductVersion.name)
    return (name_only, request.joinedload(Request.requester), request.joinedload(Request.cost_centre))
