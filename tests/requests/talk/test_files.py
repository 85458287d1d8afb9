"""Who gets a file of the conversation, and how: only on its own request, after the end too, and nothing in it runs."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.http import parse_options_header

from portal.catalog.models import ProductVersion
from portal.core.journal import Actor
from portal.people.queries import get_person
from portal.people.roles import Role
from portal.requests.attachments.actions import Place, keep_file
from portal.requests.attachments.models import Attachment
from portal.requests.attachments.rules import LONGEST_NAME, check_file
from portal.requests.changing.actions.cancelling import cancel_request
from portal.requests.models import Request
from portal.requests.queries import get_request_for_change
from tests.factories import NOW, ZONE, make_draft, make_person, make_request, sign_in
from tests.requests.talk.conftest import PDF, Crew, Write

SCRIPT = b"%PDF-1.7\n1 0 obj <</OpenAction <</S /JavaScript /JS (app.alert(1))>>>> endobj\n<html><script>alert(1)</script>"


def address(session: Session, asked: Request) -> str:
    """Give where the newest file is."""
    session.expire_all()
    number, file_id = session.get_one(Request, asked.id).number, max(session.scalars(select(Attachment.id)))
    return f"/requests/{number}/files/{file_id}"


def status(client: FlaskClient, path: str) -> int:
    return client.get(path).status_code


def test_a_file_is_there_under_its_own_number_only(client: FlaskClient, session: Session, asked: Request, crew: Crew, write: Write) -> None:
    version = session.get_one(ProductVersion, asked.product_version_id)
    other = make_request(session, crew.asker, version)
    session.commit()
    write(crew.asker, "", ("brief.pdf", PDF))
    path = address(session, asked)
    assert status(client, path) == 200
    file_id = path.rpartition("/")[2]
    year = asked.number.split("-")[1]
    for number in (other.number, asked.number.replace(year, str(int(year) - 1)), "A-2026-999999", "1", str(asked.id)):
        assert status(client, f"/requests/{number}/files/{file_id}") == 404
    for wrong in ("0", "-1", "999999", "9" * 30, "1.0", "x"):
        assert status(client, f"/requests/{asked.number}/files/{wrong}") == 404


def test_a_file_of_a_note_is_for_colleagues_also_when_one_of_them_gets_what_was_asked(
    client: FlaskClient, session: Session, asked: Request, crew: Crew, write: Write
) -> None:
    write(crew.handler, "Intern", ("CANARIE.pdf", PDF), kind="note")
    path = address(session, asked)
    stranger = make_person(session, Role.BACK_OFFICE, Role.CATALOGUE_MANAGER)
    session.get_one(Request, asked.id).beneficiary_id = crew.other.id
    session.commit()
    for person, expected in ((crew.handler, 200), (crew.desk, 200), (crew.asker, 404), (crew.other, 404), (stranger, 404)):
        sign_in(client, person)
        assert status(client, path) == expected, person.name
        assert ("CANARIE" in client.get(f"/requests/{asked.number}").text) == (expected == 200)
    client.post("/sign-out")
    assert "/sign-in" in client.get(path).headers["Location"]


def test_after_the_end_it_stays_for_the_same_people(
    client: FlaskClient, session: Session, asked: Request, crew: Crew, write: Write
) -> None:
    write(crew.asker, "", ("brief.pdf", PDF))
    path = address(session, asked)
    request = get_request_for_change(session, asked.id)
    asker = get_person(session, crew.asker.id)
    cancel_request(session=session, request=request, person=asker, by=Actor(), at=NOW, zone=ZONE, reason="Toch niet.")
    session.commit()
    assert request.closed_at is not None
    stranger = make_person(session)
    session.commit()
    for person, expected in ((crew.asker, 200), (crew.handler, 200), (crew.other, 200), (crew.desk, 200), (stranger, 404)):
        sign_in(client, person)
        assert status(client, path) == expected, person.name


def test_a_file_of_an_order_that_was_not_sent_in_is_nowhere(client: FlaskClient, session: Session, asked: Request, crew: Crew) -> None:
    draft = make_draft(session, crew.asker, session.get_one(ProductVersion, asked.product_version_id))
    file = check_file(name="plan.pdf", content=PDF, most_bytes=1000)
    kept = keep_file(session=session, file=file, place=Place(draft_id=draft.id, question="plan"), person_id=crew.asker.id, at=NOW)
    session.commit()
    for person in (crew.asker, crew.handler, crew.desk):
        sign_in(client, person)
        for number in (asked.number, draft.token):
            assert status(client, f"/requests/{number}/files/{kept.id}") == 404


NAMES = {
    "../../etc/passwd.pdf": "passwd.pdf",
    'a"; filename="b.exe.pdf': "b.exe.pdf",
    "é ü.pdf": "pdf",
    "x" * 400 + ".pdf": "x" * (LONGEST_NAME - 4) + ".pdf",
}


@pytest.mark.parametrize("given", NAMES)
def test_a_document_is_saved_and_never_run_whatever_it_is_called(
    client: FlaskClient, session: Session, asked: Request, write: Write, given: str
) -> None:
    assert write(get_person(session, asked.requester_id), "", (given, SCRIPT)).status_code == 303
    answer = client.get(address(session, asked))
    assert answer.data == SCRIPT
    assert answer.mimetype == "application/pdf"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=")
    name = parse_options_header(disposition)[1]["filename"]
    assert name.endswith(NAMES[given])
    assert "/" not in name
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_photo_is_shown_without_what_the_camera_wrote_in_it(
    client: FlaskClient, session: Session, asked: Request, crew: Crew, write: Write
) -> None:
    exif, written = Image.Exif(), BytesIO()
    exif[0x010E] = "CANARIE thuis"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (30, 20), "red").save(written, "JPEG", exif=exif, comment=b"CANARIE camera")
    assert write(crew.asker, "", ("foto.jpg", written.getvalue() + b"<script>CANARIE</script>")).status_code == 303
    answer = client.get(address(session, asked))
    assert b"CANARIE" not in answer.data
    assert answer.mimetype == "image/jpeg"
    assert not answer.headers.get("Content-Disposition", "").startswith("attachment")
    with Image.open(BytesIO(answer.data)) as drawn:
        assert not drawn.getexif()
