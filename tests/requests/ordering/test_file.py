"""A question that is answered with a file: from the form to the department that asked for it."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.catalog.actions import save_question
from portal.catalog.definition import Need, QuestionKind
from portal.core.references import new_token
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.attachments.actions import delete_unused
from portal.requests.attachments.models import Attachment, FileContent
from portal.requests.models import Request
from portal.requests.ordering.actions.files import forget_left_over
from portal.requests.ordering.models import OrderDraft
from tests.factories import make_block, make_department, make_line, make_person, make_product, sign_in
from tests.requests.ordering.conftest import Browser, load_draft, make_question

PDF = b"%PDF-1.7\nCANARIE the plan of the room"
PLAN = make_question("plan", QuestionKind.FILE)
PHOTO = make_question("photo", QuestionKind.FILE, Need.OPTIONAL)
WHY = make_question("why")


@pytest.fixture
def browser(client: FlaskClient, session: Session) -> Browser:
    """Begin an order of a product of which one department asks for files, and another for nothing."""
    for code in ("ict", "bouw"):
        make_department(session, code)
    for question in (PLAN, PHOTO, WHY):
        save_question(session=session, question=question)
    make_block(session, "wall", department="bouw", questions=(PLAN, PHOTO, WHY))
    make_block(session, "cable")
    make_product(session, "room", [make_line("wall"), make_line("cable")])
    session.commit()
    sign_in(client, make_person(session, name="Mirjam Aanvrager", language="en"))
    shown = Browser(client)
    shown.get("/order/room")
    shown.send("/drafts", for_whom="self", form_key=new_token())
    return shown


def file(name: str = "plan.pdf", content: bytes = PDF) -> tuple[BytesIO, str]:
    return BytesIO(content), name


def test_a_file_is_not_lost_when_something_else_is_wrong(browser: Browser, session: Session) -> None:
    page = browser.send("/details", q__plan=file(), q__why="")
    assert "data-error-summary" in page.text
    assert "plan.pdf (1 kB)" in page.text
    page = browser.send("/details", q__why="for the new team")
    assert browser.step == "check"
    assert "plan.pdf" in page.text
    assert load_draft(session).answers["plan"]["name"] == "plan.pdf"


def test_a_required_file_must_be_there(browser: Browser) -> None:
    page = browser.send("/details", q__why="x")
    assert page.status_code == 422
    assert 'href="#q-plan"' in page.text


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("a.pdf", b"", "is empty"), ("a.exe", b"MZ", "You can send: pdf"), ("a.pdf", b"MZ", "what its name says")],
)
def test_a_file_that_is_refused_says_why(browser: Browser, session: Session, name: str, content: bytes, words: str) -> None:
    page = browser.send("/details", q__plan=file(name, content), q__why="typed")
    assert page.status_code == 422
    assert words in page.text
    assert 'value="typed"' in page.text
    assert not session.scalar(select(func.count(Attachment.id)))


def test_another_file_takes_its_place_and_one_can_be_taken_away(browser: Browser, session: Session) -> None:
    browser.send("/details", q__plan=file(), q__photo=file("b.pdf"), q__why="x")
    browser.get(browser.address.replace("/check", "/details"))
    browser.send("/details", q__plan=file("new.pdf", PDF + b"2"), q__photo__drop="1", q__why="x")
    answers = load_draft(session).answers
    assert answers["plan"]["name"] == "new.pdf"
    assert "photo" not in answers
    assert [one.name for one in session.scalars(select(Attachment))] == ["new.pdf"]


def submitted(browser: Browser, session: Session) -> Request:
    browser.send("/details", q__plan=file(), q__why="x")
    browser.send("/submission")
    session.expire_all()
    return session.scalars(select(Request)).one()


def handler_of(session: Session, code: str) -> Person:
    person = make_person(session, Role.BACK_OFFICE, department=make_department(session, code))
    session.commit()
    return person


def test_the_department_that_asks_gets_the_file_and_another_does_not(browser: Browser, client: FlaskClient, session: Session) -> None:
    request = submitted(browser, session)
    page = client.get(f"/requests/{request.number}")
    address = re.search(r"/requests/[\w-]+/files/\d+", page.text)
    assert address
    answer = client.get(address[0])
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"] == "attachment; filename=plan.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    builder, cabler, stranger = handler_of(session, "bouw"), handler_of(session, "ict"), make_person(session)
    session.commit()
    for person, status in ((builder, 200), (cabler, 404), (stranger, 404)):
        sign_in(client, person)
        assert client.get(address[0]).status_code == status
    sign_in(client, builder)
    tasks = re.findall(r'href="(/tasks/\d+)"', client.get("/tasks").text)
    assert address[0] in client.get(tasks[0]).text
    client.post("/sign-out")
    assert "/sign-in" in client.get(address[0]).headers["Location"]


def test_what_is_left_over_is_cleaned_up(browser: Browser, session: Session) -> None:
    request = submitted(browser, session)
    browser.get("/order/room")
    browser.send("/drafts", for_whom="self", form_key=new_token())
    browser.send("/details", q__plan=file("left.pdf", PDF + b"3"), q__why="x")
    session.expire_all()

    def clean(days: int) -> tuple[int | None, int | None]:
        moment = session.scalars(select(func.max(OrderDraft.changed_at))).one() + timedelta(days=days)
        forget_left_over(session=session, before=moment - timedelta(days=60))
        delete_unused(session=session, before=moment - timedelta(days=1))
        session.expire_all()
        return session.scalar(select(func.count(Attachment.id))), session.scalar(select(func.count(FileContent.sha256)))

    assert clean(0) == (2, 2)
    assert clean(61) == (1, 1)
    assert session.scalars(select(Attachment.request_id)).one() == request.id
    left = session.scalars(select(OrderDraft).where(OrderDraft.request_id.is_(None))).one()
    assert (left.answers, left.has_details) == ({"why": "x"}, False)


def test_a_draft_that_is_deleted_takes_its_files_along(browser: Browser, session: Session) -> None:
    browser.send("/details", q__plan=file(), q__why="x")
    browser.send("/deletion")
    assert not session.scalar(select(func.count(Attachment.id)))


def test_a_file_is_shared_by_all_persons_of_an_order(browser: Browser, session: Session) -> None:
    browser.send("/details", q__plan=file(), q__why="x")
    browser.get(browser.address.replace("/check", "/others"))
    browser.send("/others", names="Daan Stage\nSem Stage")
    assert "Nothing more is needed for this person." in browser.get(browser.address.replace("/check", "/others")).text
    browser.get(browser.address.replace("/others", "/check"))
    browser.send("/submission")
    session.expire_all()
    made = session.scalars(select(Request).order_by(Request.id)).all()
    kept = session.scalars(select(Attachment).where(Attachment.request_id.is_not(None)).order_by(Attachment.id)).all()
    assert [one.request_id for one in kept] == [one.id for one in made]
    assert session.scalar(select(func.count(FileContent.sha256))) == 1
    page = browser.get(f"/requests/{made[2].number}").text
    address = re.search(r"/requests/[\w-]+/files/\d+", page)
    assert address
    assert browser.client.get(address[0]).data == PDF
