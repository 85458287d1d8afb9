"""Versions on their way: a draft is made and changed, a second person reviews it, and it comes out now or on a day.

An older version comes back under a new number, and goes to review like any other.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.actions import check_definition, fill_in, new_version, put_live, save_question
from portal.catalog.checks import find_question_faults
from portal.catalog.codec import question_as_data
from portal.catalog.definition import BlockDefinition, Definition, Question
from portal.catalog.events import (
    DraftChanged,
    DraftStarted,
    DraftWithdrawn,
    PublicationFailed,
    QuestionSaved,
    ReviewAsked,
    VersionRestored,
    VersionScheduled,
    VersionSentBack,
)
from portal.catalog.memory import is_same_content, read_definition
from portal.catalog.models import BuildingBlock, CatalogueVersion, Product
from portal.catalog.policy import may_review
from portal.catalog.queries import find_open_beside, find_published_beside, find_question_record, list_due_versions, questions_by_code
from portal.catalog.workflow import VersionState, VersionStep, check
from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.core.journal import SYSTEM, Actor, Event, record


def change_question(*, session: Session, question: Question, edition: int | None, by: Actor, at: datetime) -> None:
    """Make or change a question of the library; it reaches people with the next version of a block that asks it.

    `edition` is the one on which the change was made; None for a new question.

    :raises InvalidInputError: it is new and its code is taken (`double_code`), or questions hang on each other in a circle.
    :raises ConflictError: somebody changed the question since (`stale_version`).
    """
    kept = find_question_record(session, question.code, for_change=True)
    if edition is None and kept is not None:
        raise InvalidInputError({"code": "double_code"})
    if edition is not None and (kept is None or kept.edition != edition):
        raise ConflictError("stale_version")
    known = questions_by_code(session)
    before = known.get(question.code)
    if dict(find_question_faults([*(one for one in known.values() if one.code != question.code), question])):
        raise InvalidInputError({"when_question": "cycle"})
    if before == question:
        return
    entry = save_question(session=session, question=question)
    event = QuestionSaved(code=question.code, before=question_as_data(before) if before else None, after=question_as_data(question))
    record(session, event, stream=f"question:{entry.id}", by=by, at=at)


def start_draft(*, session: Session, source: CatalogueVersion, by: Actor, at: datetime) -> CatalogueVersion:
    """Begin a draft of what a version is of, with its content.

    :raises ConflictError: there is a draft already, or a version in review (`draft_exists`).
    """
    if find_open_beside(session, source) is not None:
        raise ConflictError("draft_exists")
    draft = new_version(session=session, definition=read_definition(source))
    return _begin(session, draft, source=source.number, by=by, at=at)


def begin_new(*, session: Session, definition: Definition, by: Actor, at: datetime) -> CatalogueVersion:
    """Begin the first draft of something new.

    :raises InvalidInputError: its code is taken (`double_code`), or its department is unknown.
    """
    # A product and a building block may share a code: the source has a room as both.
    model = BuildingBlock if isinstance(definition, BlockDefinition) else Product
    if session.scalar(select(model.id).where(model.code == definition.code)) is not None:
        raise InvalidInputError({"code": "double_code"})
    return _begin(session, new_version(session=session, definition=definition), source=None, by=by, at=at)


def change_draft(
    *, session: Session, version: CatalogueVersion, definition: Definition, edition: int | None, by: Actor, at: datetime
) -> None:
    """Put another content in a draft; `edition` is the one on which the change was made. The code stays what it is.

    :raises ConflictError: somebody changed the draft since (`stale_version`).
    :raises IllegalTransitionError: it is no draft any more.
    :raises InvalidInputError: the department is unknown.
    """
    version.state = check(version.state, VersionStep.CHANGE)
    _check_edition(version, edition)
    before = version.definition
    fill_in(session=session, version=version, definition=definition)
    fields = [name for name in (before | version.definition) if before.get(name) != version.definition.get(name)]
    if not fields:
        return
    version.edition += 1
    _sign(version, by)
    _record(session, version, DraftChanged(code=version.code, number=version.number, fields=fields), by=by, at=at)


def send_for_review(*, session: Session, version: CatalogueVersion, edition: int | None, by: Actor, at: datetime) -> None:
    """Ask a second person to look at a draft.

    :raises ConflictError: somebody changed the draft since (`stale_version`).
    :raises InvalidInputError: it is the same as what is out (`draft`: `no_difference`), or it may not be published as it is;
        the fields are named by path.
    """
    state = check(version.state, VersionStep.SEND)
    _check_edition(version, edition)
    published = find_published_beside(session, version)
    if published is not None and is_same_content(published, version):
        raise InvalidInputError({"draft": "no_difference"})
    check_definition(session=session, definition=read_definition(version))
    version.state = state
    _sign(version, by)
    _record(session, version, ReviewAsked(code=version.code, number=version.number), by=by, at=at)


def send_back(*, session: Session, version: CatalogueVersion, reason: str, by: Actor, at: datetime) -> None:
    """Make a draft again of a version that was in review or waited for its day.

    :raises InvalidInputError: there is no reason.
    """
    if not reason.strip():
        raise InvalidInputError({"reason": "required"})
    _back_to_draft(version)
    _record(session, version, VersionSentBack(code=version.code, number=version.number, reason=reason.strip()), by=by, at=at)


def withdraw_draft(*, session: Session, version: CatalogueVersion, by: Actor, at: datetime) -> None:
    """Put a draft aside for good; its number is not used again."""
    version.state = check(version.state, VersionStep.WITHDRAW)
    _record(session, version, DraftWithdrawn(code=version.code, number=version.number), by=by, at=at)


def approve(
    *, session: Session, version: CatalogueVersion, edition: int | None, publish_at: datetime | None, by: Actor, at: datetime
) -> None:
    """Agree with a version as the second person; it comes out now, or at a later moment.

    :raises ForbiddenError: this person worked on it.
    :raises ConflictError: it is another edition than was looked at (`stale_version`).
    :raises InvalidInputError: it may not be published as it is, or the moment has passed (`publish_on`).
    """
    is_later = publish_at is not None
    state = check(version.state, VersionStep.SCHEDULE if is_later else VersionStep.PUBLISH)
    if by.person_id is None or not may_review(by.person_id, version):
        raise ForbiddenError
    _check_edition(version, edition)
    if publish_at is not None and publish_at <= at:
        raise InvalidInputError({"publish_on": "in_past"})
    check_definition(session=session, definition=read_definition(version))
    version.reviewer_id = by.person_id
    if publish_at is None:
        put_live(session=session, version=version, by=by, at=at)
        return
    version.state, version.publish_at = state, publish_at
    event = VersionScheduled(code=version.code, number=version.number, publish_at=publish_at.isoformat())
    _record(session, version, event, by=by, at=at)


def publish_due(*, session: Session, at: datetime) -> None:
    """Let the versions come out whose day is there; what no longer fits is a draft again, with what is wrong."""
    for version in list_due_versions(session, at=at):
        try:
            check_definition(session=session, definition=read_definition(version))
        except InvalidInputError as invalid:
            _back_to_draft(version)
            event = PublicationFailed(code=version.code, number=version.number, faults=invalid.errors)
            _record(session, version, event, by=SYSTEM, at=at)
        else:
            check(version.state, VersionStep.PUBLISH)
            put_live(session=session, version=version, by=SYSTEM, at=at)


def roll_back(*, session: Session, version: CatalogueVersion, by: Actor, at: datetime) -> CatalogueVersion:
    """Bring an older version back under a new number, for a second person to look at.

    :raises ConflictError: it never came out, or it is out now (`not_retired`); something is on its way already (`draft_exists`).
    :raises InvalidInputError: it no longer fits the rest of the catalogue.
    """
    if version.state is not VersionState.RETIRED or version.published_at is None:
        raise ConflictError("not_retired")
    if find_open_beside(session, version) is not None:
        raise ConflictError("draft_exists")
    definition = read_definition(version)
    check_definition(session=session, definition=definition)
    restored = new_version(session=session, definition=definition)
    _put_in_review(session, restored, source=version.number, by=by, at=at)
    return restored


def propose(*, session: Session, definition: Definition, by: Actor, at: datetime) -> CatalogueVersion:
    """Put the next version of something, made elsewhere, before a second person; whoever approves it checks whether it fits.

    :raises InvalidInputError: something is on its way already (`code`: `draft_exists`), or its department is unknown.
    """
    proposed = new_version(session=session, definition=definition)
    if proposed.number > 1 and find_open_beside(session, proposed) is not None:
        raise InvalidInputError({"code": "draft_exists"})
    _put_in_review(session, proposed, source=None, by=by, at=at)
    return proposed


def _put_in_review(session: Session, version: CatalogueVersion, *, source: int | None, by: Actor, at: datetime) -> None:
    """Let a version begin in review; `source` is the older version that it brings back."""
    version.state, version.edition, version.editor_ids = VersionState.IN_REVIEW, 1, []
    _sign(version, by)
    session.add(version)
    session.flush()
    if source is None:
        event: Event = DraftStarted(code=version.code, number=version.number, source=None)
    else:
        event = VersionRestored(code=version.code, number=version.number, restored=source)
    _record(session, version, event, by=by, at=at)
    _record(session, version, ReviewAsked(code=version.code, number=version.number), by=by, at=at)


def _begin(session: Session, draft: CatalogueVersion, *, source: int | None, by: Actor, at: datetime) -> CatalogueVersion:
    draft.state, draft.edition, draft.editor_ids = VersionState.DRAFT, 1, []
    _sign(draft, by)
    session.add(draft)
    session.flush()
    _record(session, draft, DraftStarted(code=draft.code, number=draft.number, source=source), by=by, at=at)
    return draft


def _sign(version: CatalogueVersion, by: Actor) -> None:
    """Keep who worked on a version: none of them may review it."""
    version.author_id = by.person_id
    if by.person_id is not None and by.person_id not in version.editor_ids:
        version.editor_ids = [*version.editor_ids, by.person_id]


def _back_to_draft(version: CatalogueVersion) -> None:
    version.state = check(version.state, VersionStep.SEND_BACK)
    version.reviewer_id, version.publish_at = None, None
    version.edition += 1


def _check_edition(version: CatalogueVersion, edition: int | None) -> None:
    if edition != version.edition:
        raise ConflictError("stale_version")


def _record(session: Session, version: CatalogueVersion, event: Event, *, by: Actor, at: datetime) -> None:
    session.flush()
    record(session, event, stream=version.stream, by=by, at=at)
