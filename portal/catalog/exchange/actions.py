"""Taking a catalogue over from files, through the same actions that the screens use."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.actions import publish_block, publish_product, save_question
from portal.catalog.checks import find_product_faults
from portal.catalog.exchange.comparison import Change
from portal.catalog.exchange.folder import CatalogueFiles
from portal.catalog.exchange.queries import load_catalogue
from portal.catalog.models import UpnName
from portal.core.errors import InvalidInputError
from portal.core.journal import Actor
from portal.core.yaml_files import Problems


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
