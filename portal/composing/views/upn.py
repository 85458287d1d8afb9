"""The list of uniform product names as a file: seeing what it would change, and taking all of it over."""

from flask import flash, redirect, url_for

from portal.catalog.catalogue import UploadKind
from portal.catalog.exchange import actions
from portal.catalog.exchange.proposals import get_upload, read_upn_proposal
from portal.catalog.models import CatalogueUpload
from portal.composing.exchange_forms import TakeForm
from portal.composing.exchange_pages import upn_page
from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import ConflictError, NotFoundError
from portal.people.session import current_actor, current_person
from portal.web.answers import Answer, page
from portal.web.words import _


def upn_upload(upload_id: int) -> Answer:
    """Show what a list of uniform product names would change, and what is wrong with it."""
    return _show(_own(upload_id))


def take_upn_upload(upload_id: int) -> Answer:
    """Take the list over, all of it or nothing."""
    found, seen = _own(upload_id), TakeForm().seen.data or ""
    try:
        actions.take_upn_upload(session=db.session(), upload=found, seen=seen, by=current_actor(), at=utc_now())
    except ConflictError:
        return _show(found, 409, _("The list or the file changed since you looked. This is what it comes down to now."))
    flash(_("The uniform product names are taken over. You can choose them in the agreements of a product."))
    return redirect(url_for("compose.exchange"), 303)


def _own(upload_id: int) -> CatalogueUpload:
    """Load a list of names that this person sent.

    :raises NotFoundError: there is none.
    """
    found = get_upload(db.session(), person_id=current_person().id, upload_id=upload_id)
    if found.holds is not UploadKind.UPN:
        raise NotFoundError
    return found


def _show(found: CatalogueUpload, status: int = 200, conflict: str | None = None) -> Answer:
    shown, form = upn_page(read_upn_proposal(db.session(), found)), TakeForm(formdata=None, data={"seen": found.fingerprint})
    return page("compose/upn_upload.html", status, upload=found, shown=shown, form=form, conflict=conflict)
