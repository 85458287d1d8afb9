"""The life of products and building blocks: what there is, how it stands, what changed, and every step as a sub-resource."""

from collections.abc import Callable
from typing import Final

from flask import Blueprint, flash, redirect, request, url_for

from portal.catalog import drafting
from portal.catalog.definition import CatalogueKind
from portal.catalog.labels import CATALOGUE_KINDS
from portal.catalog.models import CatalogueVersion
from portal.catalog.queries import get_version, list_versions
from portal.catalog.workflow import VersionState
from portal.composing.forms import EditionForm, PublishForm, ReturnForm
from portal.composing.labels import TONES, state_word
from portal.composing.pages import changes_between, life_page, shelves, two_versions
from portal.composing.vocabulary import FAULTS
from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import ConflictError, InvalidInputError, NotFoundError
from portal.people.session import current_actor, current_person
from portal.web.answers import Answer, page
from portal.web.application import this_app
from portal.web.words import _

blueprint: Final = Blueprint("manage", __name__)


@blueprint.get("/manage/catalog")
def overview() -> Answer:
    """Show all products and building blocks with where they stand."""
    return page("manage/overview.html", shelves=shelves(db.session()), kinds=CATALOGUE_KINDS, tones=TONES, state_word=state_word)


@blueprint.get("/manage/catalog/<kind>/<code>")
def detail(kind: str, code: str) -> Answer:
    """Show the versions of a product or a building block, and the next step."""
    return _show(kind, code)


@blueprint.get("/manage/catalog/<kind>/<code>/differences")
def differences(kind: str, code: str) -> Answer:
    """Show what differs between two versions."""
    numbers = request.args.get("before", 0, type=int), request.args.get("after", 0, type=int)
    before, after = two_versions(db.session(), read_kind(kind), code, before=numbers[0], after=numbers[1])
    numbers_of_all = [one.number for one in list_versions(db.session(), read_kind(kind), code)]
    rows = changes_between(db.session(), before, after)
    return page("manage/differences.html", kind=kind, code=code, before=before, after=after, rows=rows, numbers=numbers_of_all)


@blueprint.post("/manage/catalog/<kind>/<code>/draft")
def start_draft(kind: str, code: str) -> Answer:
    """Begin a draft from the version that is out, else from the newest."""
    versions = list_versions(db.session(), read_kind(kind), code)
    source = next((one for one in versions if one.state is VersionState.PUBLISHED), versions[0])
    source = get_version(db.session(), read_kind(kind), code, source.number, for_change=True)
    try:
        drafting.start_draft(session=db.session(), source=source, by=current_actor(), at=utc_now())
    except ConflictError:
        return _show(kind, code, 409, conflict=_("Somebody else began a draft just before you. You can work in it together."))
    flash(_("The draft is ready. Change what you want. Nobody else sees it before it is published."))
    return _back(kind, code)


@blueprint.post("/manage/catalog/<kind>/<code>/<int:number>/review")
def send_for_review(kind: str, code: str, number: int) -> Answer:
    """Ask a second person to look at a draft."""
    form = EditionForm()

    def send(version: CatalogueVersion) -> None:
        drafting.send_for_review(session=db.session(), version=version, edition=form.edition.data, by=current_actor(), at=utc_now())

    return _carry_out((kind, code, number), form, send, _("Sent for review. Another catalogue manager can now look at it."))


@blueprint.post("/manage/catalog/<kind>/<code>/<int:number>/publication")
def publish(kind: str, code: str, number: int) -> Answer:
    """Agree with a version as the second person; it comes out now or on a day."""
    form = PublishForm()

    def agree(version: CatalogueVersion) -> None:
        at, publish_at = utc_now(), form.moment(this_app().settings.tz)
        session, edition = db.session(), form.edition.data
        drafting.approve(session=session, version=version, edition=edition, publish_at=publish_at, by=current_actor(), at=at)

    done = _("Approved. It comes out on the day you chose.") if form.publish_on.data else _("Published. Everybody sees it from now on.")
    return _carry_out((kind, code, number), form, agree, done)


@blueprint.post("/manage/catalog/<kind>/<code>/<int:number>/return")
def send_back(kind: str, code: str, number: int) -> Answer:
    """Make a draft again of a version in review, with the reason."""
    form = ReturnForm()

    def give_back(version: CatalogueVersion) -> None:
        drafting.send_back(session=db.session(), version=version, reason=form.reason.data or "", by=current_actor(), at=utc_now())

    return _carry_out((kind, code, number), form, give_back, _("It is a draft again, with your reason."))


@blueprint.post("/manage/catalog/<kind>/<code>/<int:number>/withdrawal")
def withdraw(kind: str, code: str, number: int) -> Answer:
    """Put a draft aside for good."""

    def put_aside(version: CatalogueVersion) -> None:
        drafting.withdraw_draft(session=db.session(), version=version, by=current_actor(), at=utc_now())

    return _carry_out((kind, code, number), EditionForm(), put_aside, _("The draft is put aside."))


@blueprint.post("/manage/catalog/<kind>/<code>/<int:number>/restoration")
def roll_back(kind: str, code: str, number: int) -> Answer:
    """Bring an older version back, for a second person to look at."""

    def restore(version: CatalogueVersion) -> None:
        drafting.roll_back(session=db.session(), version=version, by=current_actor(), at=utc_now())

    return _carry_out(
        (kind, code, number),
        EditionForm(),
        restore,
        _("The older version is in review under a new number. Another catalogue manager can now look at it."),
    )


def read_kind(kind: str) -> CatalogueKind:
    """Read which part of the catalogue an address is about.

    :raises NotFoundError: there is no such part.
    """
    if kind not in list(CatalogueKind):
        raise NotFoundError
    return CatalogueKind(kind)


def _carry_out(place: tuple[str, str, int], form: EditionForm, step: Callable[[CatalogueVersion], None], done: str) -> Answer:
    """Take one step with a version; when it cannot be done, show the page again with what was typed."""
    kind, code, number = place
    version = get_version(db.session(), read_kind(kind), code, number, for_change=True)
    if not form.validate():
        return _show(kind, code, 422, sent=form)
    try:
        step(version)
    except ConflictError:
        return _show(
            kind, code, 409, sent=form, conflict=_("Somebody changed this while you were looking at it. This is how it stands now.")
        )
    except InvalidInputError as invalid:
        form.add_errors({name: FAULTS[fault] for name, fault in invalid.errors.items() if name in form})
        return _show(kind, code, 422, sent=form)
    flash(done)
    return _back(kind, code)


def _show(kind: str, code: str, status: int = 200, *, sent: EditionForm | None = None, conflict: str | None = None) -> Answer:
    life = life_page(db.session(), read_kind(kind), code, person_id=current_person().id)
    forms = {form.__name__: sent if type(sent) is form else form(formdata=None) for form in (EditionForm, PublishForm, ReturnForm)}
    for form in forms.values():
        form.edition.data = life.on_its_way.edition if life.on_its_way else None
        form.edition.raw_data = None
    return page(
        "manage/detail.html",
        status,
        life=life,
        version=life.on_its_way,
        step_form=forms["EditionForm"],
        publish_form=forms["PublishForm"],
        return_form=forms["ReturnForm"],
        sent=sent,
        conflict=conflict,
        tones=TONES,
        state_word=state_word,
    )


def _back(kind: str, code: str) -> Answer:
    return redirect(url_for("manage.detail", kind=kind, code=code), 303)
