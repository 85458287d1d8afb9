"""The catalogue as files: downloading it, sending a file, seeing what it would change, and sending that for review."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from flask import Response, flash, redirect, url_for

from portal.catalog.catalogue import UploadKind
from portal.catalog.exchange import actions
from portal.catalog.exchange.archive import zip_files
from portal.catalog.exchange.lists import list_rows
from portal.catalog.exchange.proposals import LISTS, find_upload, get_upload, read_proposal
from portal.catalog.exchange.queries import load_catalogue
from portal.catalog.exchange.sheets import SUFFIXES, write_sheet
from portal.catalog.exchange.writing import catalogue_as_files
from portal.catalog.models import CatalogueUpload
from portal.composing.exchange_forms import UploadForm
from portal.composing.exchange_pages import LIST_NAMES, proposal_page
from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import ConflictError, NotFoundError
from portal.people.session import current_actor, current_person
from portal.web.answers import Answer, page
from portal.web.forms import BaseForm
from portal.web.uploads import file_answer, takes_files
from portal.web.words import _, ngettext

_TYPES: Final = {".csv": "text/csv", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def exchange() -> Answer:
    """Show what can be downloaded, and the form to send a file."""
    return _show(UploadForm(data={"holds": UploadKind.CATALOGUE.value}))


@takes_files
def send_upload() -> Answer:
    """Keep a file, to see what it would change; nothing changes yet."""
    form = UploadForm()
    if not form.validate():
        return _show(form, 422)
    holds, at = UploadKind(form.holds.data), utc_now()
    upload = actions.keep_upload(session=db.session(), holds=holds, name=form.name, content=form.content, by=current_actor(), at=at)
    return redirect(_address_of(upload), 303)


def upload(upload_id: int) -> Answer:
    """Show what a file would change, and what is wrong with it."""
    return _show_upload(_own_catalogue(upload_id))


def propose_upload(upload_id: int) -> Answer:
    """Send all that a file changes for review."""
    found = _own_catalogue(upload_id)
    try:
        count = actions.propose_upload(session=db.session(), upload=found, by=current_actor(), at=utc_now())
    except ConflictError:
        return _show_upload(found, 409, _("The catalogue changed since you looked. This is what the file comes down to now."))
    flash(ngettext("%(num)d draft is in review now.", "%(num)d drafts are in review now.", count))
    return redirect(url_for("manage.overview"), 303)


def remove_upload(upload_id: int) -> Answer:
    """Put a file aside."""
    actions.drop_upload(session=db.session(), upload=_own_upload(upload_id))
    flash(_("The file is put aside. Nothing changed."))
    return redirect(url_for("compose.exchange"), 303)


def download_catalogue() -> Response:
    """Give all that is published as a zip of YAML files."""
    files = catalogue_as_files(load_catalogue(db.session()))
    return file_answer(zip_files(files), name="catalogus.zip", media_type="application/zip", is_shown=False)


def download_list(name: str, suffix: str) -> Response:
    """Give a list for a spreadsheet.

    :raises NotFoundError: there is no such list, or no such format.
    """
    kind = next((kind for holds, kind in LISTS.items() if holds.value == name), None)
    if kind is None or f".{suffix}" not in SUFFIXES:
        raise NotFoundError
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.{suffix}"
        write_sheet(path, list_rows(load_catalogue(db.session()), kind))
        content = path.read_bytes()
    return file_answer(content, name=path.name, media_type=_TYPES[path.suffix], is_shown=False)


def _own_upload(upload_id: int) -> CatalogueUpload:
    return get_upload(db.session(), person_id=current_person().id, upload_id=upload_id)


def _own_catalogue(upload_id: int) -> CatalogueUpload:
    """Load a file with a part of the catalogue that this person sent.

    :raises NotFoundError: there is none.
    """
    found = _own_upload(upload_id)
    if found.holds is UploadKind.UPN:
        raise NotFoundError
    return found


def _address_of(upload: CatalogueUpload) -> str:
    return url_for("compose.upn_upload" if upload.holds is UploadKind.UPN else "compose.upload", upload_id=upload.id)


def _show(form: UploadForm, status: int = 200) -> Answer:
    waiting = find_upload(db.session(), person_id=current_person().id)
    waiting_url = _address_of(waiting) if waiting else None
    lists = {one.value: LIST_NAMES[one] for one in LISTS}
    return page("compose/exchange.html", status, form=form, waiting=waiting, waiting_url=waiting_url, lists=lists)


def _show_upload(found: CatalogueUpload, status: int = 200, conflict: str | None = None) -> Answer:
    now = load_catalogue(db.session())
    shown = proposal_page(read_proposal(db.session(), found, now), now)
    return page("compose/upload.html", status, upload=found, shown=shown, form=BaseForm(formdata=None), conflict=conflict)
