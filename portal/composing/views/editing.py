"""What the editors share: finding the draft, keeping a change, and showing what stood in the way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.catalog.codec import block_as_data, product_as_data
from portal.catalog.definition import BlockDefinition, CatalogueKind, Definition, ProductDefinition
from portal.catalog.drafting import change_draft
from portal.catalog.memory import read_definition
from portal.catalog.models import CatalogueVersion
from portal.catalog.queries import get_version, list_versions, questions_by_code
from portal.catalog.workflow import OPEN, VersionStep, check
from portal.composing.difference_pages import DifferenceRow, rows_of_differences
from portal.composing.editor_forms import WritingForm
from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import ConflictError, IllegalTransitionError, InvalidInputError, NotFoundError
from portal.people.session import current_actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a change was not kept: faults without a field, or what this form would change in the draft of somebody else."""

    status: int
    faults: Sequence[str] = ()
    overtaken: Sequence[DifferenceRow] | None = None


def open_draft(kind: CatalogueKind, code: str, *, for_change: bool = False) -> CatalogueVersion:
    """Load the draft of a product or a building block.

    :raises NotFoundError: nothing is on its way.
    :raises IllegalTransitionError: it is in review, so nobody changes it.
    """
    session = db.session()
    found = next((one for one in list_versions(session, kind, code) if one.state in OPEN), None)
    if found is None:
        raise NotFoundError
    draft = get_version(session, kind, code, found.number, for_change=for_change)
    check(draft.state, VersionStep.CHANGE)
    return draft


def open_product(code: str, *, for_change: bool = False) -> tuple[CatalogueVersion, ProductDefinition]:
    """Load the draft of a product with all of it."""
    draft = open_draft(CatalogueKind.PRODUCTS, code, for_change=for_change)
    definition = read_definition(draft)
    if not isinstance(definition, ProductDefinition):
        raise TypeError(definition)
    return draft, definition


def open_block(code: str, *, for_change: bool = False) -> tuple[CatalogueVersion, BlockDefinition]:
    """Load the draft of a building block with all of it."""
    draft = open_draft(CatalogueKind.BLOCKS, code, for_change=for_change)
    definition = read_definition(draft)
    if not isinstance(definition, BlockDefinition):
        raise TypeError(definition)
    return draft, definition


def keep(form: WritingForm, draft: CatalogueVersion, write: Callable[[], Definition]) -> Trouble | None:
    """Keep what was written in a draft; when that cannot be, what was typed stays in the form."""
    if not form.validate():
        return Trouble(status=422)
    edition, form.edition.data, form.edition.raw_data = form.edition.data, draft.edition, None
    try:
        definition = write()
        change_draft(session=db.session(), version=draft, definition=definition, edition=edition, by=current_actor(), at=utc_now())
    except InvalidInputError as invalid:
        return Trouble(status=422, faults=form.show_faults(invalid.errors))
    except IllegalTransitionError:
        raise
    except ConflictError:
        written = as_data(definition)
        library = questions_by_code(db.session()).values()
        return Trouble(status=409, overtaken=rows_of_differences(draft.definition, written, library))
    return None


def as_data(definition: Definition) -> Mapping[str, Any]:
    """Write a definition as it is stored."""
    return block_as_data(definition) if isinstance(definition, BlockDefinition) else product_as_data(definition)
