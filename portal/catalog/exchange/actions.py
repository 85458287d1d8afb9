"""Taking a catalogue over from files, through the same actions that the screens use."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.catalog.actions import publish_block, publish_product, save_question
from portal.catalog.catalogue import ItemKind, UploadKind
from portal.catalog.checks import find_product_faults
from portal.catalog.drafting import change_question, propose
from portal.catalog.events import UpnListReplaced
from portal.catalog.exchange.comparison import Change
from portal.catalog.exchange.folder import CatalogueFiles
from portal.catalog.exchange.proposals import read_proposal, read_upn_proposal
from portal.catalog.exchange.queries import load_catalogue
from portal.catalog.exchange.upn import compare_upn_names
from portal.catalog.models import CatalogueUpload, UpnName
from portal.catalog.queries import find_question_record
from portal.core.errors import ConflictError, InvalidInputError
from portal.core.journal import Actor, record
from portal.core.yaml_files import Problems

_MOST_NAME: Final = 200


def import_catalogue(*, session: Session, files: CatalogueFiles, by: Actor, at: datetime, problems: Problems) -> None:
    """Save and publish all of it; what is refused is noted in `problems`, and then the caller rolls back.

    What is published and does not stand in the files stays as it is. A product that is itself unchanged is refused
    when the building blocks no longer fit it.
    """
    for question in files.questions:
        save_question(session=session, question=question.what)
    for block in files.blocks:
        with problems.at(block.file, block.path):
            publish_block(session=session, definition=block.what, by=by, at=at)
    blocks = load_catalogue(session).blocks
    for product in files.products:
        with problems.at(product.file, product.path):
            publish_product(session=session, definition=product.what, by=by, at=at)
            faults = find_product_faults(product.what, blocks)
            if faults:
                raise InvalidInputError(faults)


def keep_upload(*, session: Session, holds: UploadKind, name: str, content: bytes, by: Actor, at: datetime) -> CatalogueUpload:
    """Keep a file that somebody wants to take over; it comes in the place of the one before.

    :raises InvalidInputError: nothing was sent.
    """
    if by.person_id is None or not content:
        raise InvalidInputError({"file": "required"})
    session.execute(delete(CatalogueUpload).where(CatalogueUpload.person_id == by.person_id))
    upload = CatalogueUpload(person_id=by.person_id, name=name[-_MOST_NAME:], holds=holds, content=content, sent_at=at)
    session.add(upload)
    session.flush()
    return upload


def drop_upload(*, session: Session, upload: CatalogueUpload) -> None:
    """Put a file aside; nothing of it was taken over."""
    session.delete(upload)
    session.flush()


def propose_upload(*, session: Session, upload: CatalogueUpload, by: Actor, at: datetime) -> int:
    """Send all that a file changes for review by a second person, or nothing; gives how many versions that are.

    A changed question stands in the library at once, and reaches people with the building blocks that ask it.

    :raises ConflictError: something is wrong with it now, or it changes nothing (`not_ready`).
    """
    now = load_catalogue(session)
    proposal = read_proposal(session, upload, now)
    if not proposal.is_ready:
        raise ConflictError("not_ready")
    for question in proposal.files.questions:
        kept = find_question_record(session, question.what.code, for_change=True)
        change_question(session=session, question=question.what, edition=kept.edition if kept else None, by=by, at=at)
    proposed = 0
    for kind, several in ((ItemKind.BLOCK, proposal.files.blocks), (ItemKind.PRODUCT, proposal.files.products)):
        for placed in several:
            if proposal.is_changed(kind, placed.what.code):
                propose(session=session, definition=placed.what, by=by, at=at)
                proposed += 1
    drop_upload(session=session, upload=upload)
    return proposed


def replace_upn_names(*, session: Session, names: Mapping[str, str], by: Actor, at: datetime) -> Mapping[Change, int]:
    """Let the Uniforme Productnamenlijst be these names by URI; gives how many are new, changed, unchanged and gone."""
    kept = {one.uri: one for one in session.scalars(select(UpnName))}
    changes = compare_upn_names({uri: one.name for uri, one in kept.items()}, names)
    for one in changes:
        match one.change:
            case Change.NEW:
                session.add(UpnName(uri=one.uri, name=names[one.uri]))
            case Change.CHANGED:
                kept[one.uri].name = names[one.uri]
            case Change.ABSENT:
                session.delete(kept[one.uri])
    counts = Counter(one.change for one in changes)
    if counts.total() > counts[Change.UNCHANGED]:
        event = UpnListReplaced(new=counts[Change.NEW], changed=counts[Change.CHANGED], gone=counts[Change.ABSENT])
        record(session, event, stream="upn", by=by, at=at)
    session.flush()
    return counts


def take_upn_upload(*, session: Session, upload: CatalogueUpload, seen: str, by: Actor, at: datetime) -> Mapping[Change, int]:
    """Let the list in a file be the Uniforme Productnamenlijst, all of it or nothing; gives the counts of `replace_upn_names`.

    :raises ConflictError: it is not the file that was `seen` (`stale_version`), something is wrong with it, or it changes
        nothing (`not_ready`).
    """
    if seen != upload.fingerprint:
        raise ConflictError("stale_version")
    proposal = read_upn_proposal(session, upload)
    if not proposal.is_ready:
        raise ConflictError("not_ready")
    counts = replace_upn_names(session=session, names=proposal.names, by=by, at=at)
    drop_upload(session=session, upload=upload)
    return counts
