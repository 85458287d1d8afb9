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
from portal.catalog.exchange.comparison import Change
from portal.catalog.exchange.folder import CatalogueFiles
from portal.catalog.exchange.proposals import read_proposal
from portal.catalog.exchange.queries import load_catalogue
from portal.catalog.models import CatalogueUpload, UpnName
from portal.catalog.queries import find_question_record
from portal.core.errors import ConflictError, InvalidInputError
from portal.core.journal import Actor
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


def replace_upn_names(*, session: Session, names: Mapping[str, str]) -> Mapping[Change, int]:
    """Let the Uniforme Productnamenlijst be these names by URI; gives how many are new, changed, unchanged and gone."""
    kept = {one.uri: one for one in session.scalars(select(UpnName))}
    counts = Counter[Change]()
    for uri, name in names.items():
        before = kept.get(uri)
        counts[Change.NEW if before is None else Change.UNCHANGED if before.name == name else Change.CHANGED] += 1
        if before is None:
            session.add(UpnName(uri=uri, name=name))
        elif before.name != name:
            before.name = name
    for uri in kept.keys() - names.keys():
        session.delete(kept[uri])
    counts[Change.ABSENT] = len(kept.keys() - names.keys())
    session.flush()
    return counts
