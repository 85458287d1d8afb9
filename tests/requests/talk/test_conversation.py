"""Who reads and writes what in the conversation about a request."""

import re
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.journal import SYSTEM, JournalEntry
from portal.core.references import new_token
from portal.core.texts import LocalText
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.actions.life import start_task
from portal.requests.models import Request, Task
from portal.requests.ordering.actions.submission import find_tracking_code
from portal.requests.queries import get_request_for_change
from portal.requests.standard_texts.actions import Wording, save_text
from portal.requests.talk.models import Message
from portal.requests.workflow import RequestState, TaskState
from tests.factories import NOW, SECRET, ZONE, make_person, sign_in
from tests.requests.talk.conftest import PDF, Crew, Write

NOTE = "CANARIE: deze klant belt vaak"


def page_of(client: FlaskClient, person: Person, path: str) -> str:
    sign_in(client, person)
    return client.get(path).text


def test_the_customer_and_the_departments_read_each_other(client: FlaskClient, asked: Request, crew: Crew, write: Write) -> None:
    assert write(crew.asker, "Kan het **eerder**?").status_code == 303
    assert write(crew.handler, "Ja, dat kan.", task=str(asked.tasks[0].id)).headers["Location"].startswith("/tasks/")
    for person, path in (
        (crew.asker, f"/requests/{asked.number}"),
        (crew.other, f"/tasks/{asked.tasks[1].id}"),
        (crew.handler, f"/tasks/{asked.tasks[0].id}"),
    ):
        text = page_of(client, person, path)
        assert "Kan het <strong>eerder</strong>?" in text
        assert "Ja, dat kan." in text
        assert text.index("Kan het") < text.index("Ja, dat kan.")
        assert "Hans Behandelaar" in text


def test_a_note_reaches_colleagues_only(client: FlaskClient, session: Session, asked: Request, crew: Crew, write: Write) -> None:
    assert write(crew.handler, NOTE, ("CANARIE.pdf", PDF), kind="note").status_code == 303
    for person in (crew.other, crew.desk, crew.handler):
        text = page_of(client, person, f"/requests/{asked.number}")
        assert NOTE in text
        assert "talk__line--note" in text
    file = re.search(rf"/requests/{asked.number}/files/\d+", text)
    assert file
    assert client.get(file[0]).data == PDF
    code = find_tracking_code(request=asked, secret=SECRET)
    for path in (f"/requests/{asked.number}", f"/requests/{asked.number}/messages", f"/requests/{asked.number}/why", "/requests", "/"):
        assert "CANARIE" not in page_of(client, crew.asker, path)
        assert "notitie" not in client.get(path).text
    assert client.get(file[0]).status_code == 404
    client.post("/sign-out")
    assert "CANARIE" not in client.get(f"/track/{code}").text
    session.expire_all()
    assert "CANARIE" not in str([entry.data for entry in session.scalars(select(JournalEntry))])


def test_a_colleague_who_asked_for_it_is_the_customer(
    client: FlaskClient, session: Session, asked: Request, handler: Person, write: Write
) -> None:
    asked.beneficiary_id = handler.id
    session.commit()
    assert write(handler, NOTE, kind="note").status_code == 303
    stored = session.scalars(select(Message)).one()
    assert (stored.kind, stored.by_customer) == ("message", True)
    assert "talk-kind" not in page_of(client, handler, f"/requests/{asked.number}")


def test_who_may_not_see_the_request_cannot_read_or_write(client: FlaskClient, session: Session, asked: Request, write: Write) -> None:
    assert write(make_person(session, name="Iemand Anders"), "Hoi").status_code == 404
    assert client.get(f"/requests/{asked.number}/messages").status_code == 404
    client.post("/sign-out")
    path = f"/requests/{asked.number}/messages"
    assert "/sign-in" in client.get(path).headers["Location"]
    assert "/sign-in" in client.post(path, data={"text": "Hoi"}).headers["Location"]
    assert not session.scalar(select(func.count(Message.id)))


def test_the_customer_cannot_write_a_note_or_a_question(session: Session, asked: Request, asker: Person, write: Write) -> None:
    for kind in ("note", "question", "x"):
        assert write(asker, "Hoi", kind=kind).status_code == 303
    assert {one.kind for one in session.scalars(select(Message))} == {"message"}
    assert write(asker, "Hoi", task=str(asked.tasks[0].id), kind="question").status_code == 404


def test_a_question_stops_the_clock_and_its_answer_comes_back(
    client: FlaskClient, session: Session, asked: Request, crew: Crew, write: Write
) -> None:
    task, later = asked.tasks[0], asked.tasks[1]
    assert 'value="question"' not in page_of(client, crew.other, f"/tasks/{task.id}")
    assert 'value="question"' in page_of(client, crew.handler, f"/tasks/{task.id}")
    sent = write(crew.handler, "Welke *maat*?", ("maten.pdf", PDF), kind="question", task=str(task.id), version=str(task.version))
    assert sent.status_code == 303
    session.expire_all()
    assert session.get_one(Task, task.id).state is TaskState.SUSPENDED
    text = page_of(client, crew.asker, f"/requests/{asked.number}")
    assert "Welke <em>maat</em>?" in text
    assert "talk__line--question" in text
    assert "maten.pdf" in text
    data = {"text": "Maat 43.", "form_key": new_token(), "files": [(BytesIO(PDF), "voet.pdf")]}
    assert client.post(f"/requests/{asked.number}/answers", data=data, content_type="multipart/form-data").status_code == 303
    text = page_of(client, crew.handler, f"/tasks/{task.id}")
    assert text.count("Maat 43.") == 1
    assert "voet.pdf" in text
    assert "Maat 43." not in page_of(client, crew.other, f"/tasks/{later.id}")


def test_a_question_that_is_no_longer_possible_is_not_sent_as_something_else(
    session: Session, asked: Request, handler: Person, write: Write
) -> None:
    task = asked.tasks[1]
    answer = write(handler, "Welke maat?", ("a.pdf", PDF), kind="question", task=str(task.id), version=str(task.version))
    assert answer.status_code == 409
    assert "Welke maat?" in answer.text
    assert not session.scalar(select(func.count(Message.id)))


def test_files_that_a_browser_forgets_are_asked_for_again(handler: Person, write: Write) -> None:
    answer = write(handler, "@nergens", ("a.pdf", PDF), kind="note")
    assert "Kies uw bestanden opnieuw" in answer.text


def test_a_question_on_a_task_that_changed_loses_nothing(session: Session, asked: Request, handler: Person, write: Write) -> None:
    task = asked.tasks[0]
    answer = write(handler, "Welke maat?", kind="question", task=str(task.id), version=str(task.version + 5))
    assert answer.status_code == 409
    assert "Welke maat?" in answer.text
    session.expire_all()
    assert session.get_one(Task, task.id).state is TaskState.READY


@pytest.mark.parametrize(
    ("text", "words"), [("", "Schrijf iets"), ("x" * 4001, "4001"), ("@nergens kijk", "@nergens"), ("@mirjam kijk", "@mirjam")]
)
def test_what_is_wrong_is_told_and_nothing_is_lost(handler: Person, write: Write, text: str, words: str) -> None:
    answer = write(handler, text, kind="note")
    assert answer.status_code == 422
    assert words in answer.text
    assert text in answer.text
    assert "data-error-summary" in answer.text


def test_a_second_click_is_one_message(session: Session, asker: Person, write: Write) -> None:
    key = new_token()
    for _ in range(2):
        assert write(asker, "Eén keer", form_key=key).status_code == 303
    assert session.scalar(select(func.count(Message.id))) == 1


def test_a_standard_text_is_filled_in_and_edited_before_it_is_sent(
    client: FlaskClient, session: Session, asked: Request, crew: Crew, write: Write
) -> None:
    def make(name: str, **more: object) -> str:
        wording = Wording(name=LocalText(name, name), text=LocalText("Beste {naam}, {nummer}: {verwachte datum}.", "Dear {name}"), **more)  # type: ignore[arg-type]
        return str(save_text(session=session, wording=wording, by=SYSTEM, at=NOW).id)

    fits = make("past", state=RequestState.SUBMITTED, product_id=asked.product_id)
    other = make("past niet", state=RequestState.DONE)
    session.commit()
    text = page_of(client, crew.desk, f"/requests/{asked.number}")
    assert f'value="{fits}"' in text
    assert "past niet" not in text
    answer = write(crew.desk, "Ik typte al iets.", standard_text=fits)
    assert answer.status_code == 422
    assert f"Ik typte al iets.\n\nBeste Mirjam Aanvrager, {asked.number}: " in answer.text.replace("\r", "")
    assert re.search(r"2026\.</textarea>", answer.text)
    assert not session.scalar(select(func.count(Message.id)))
    assert write(crew.desk, "Tekst", standard_text=other).status_code == 303
    assert write(crew.asker, "Tekst", standard_text=fits).status_code == 303


def test_a_long_conversation_shows_its_end_and_costs_the_same(
    client: FlaskClient, asked: Request, asker: Person, statements: list[str], write: Write
) -> None:
    def count(path: str) -> int:
        statements.clear()
        assert client.get(path).status_code == 200
        return len(statements)

    paths = (f"/requests/{asked.number}", f"/requests/{asked.number}/messages")
    write(asker, "bericht nul", ("a.pdf", PDF))
    before = [count(path) for path in paths]
    for number in range(1, 12):
        write(asker, f"bericht {number}.")
    assert [count(path) for path in paths] == before
    assert "bericht nul" in client.get(paths[1]).text


def test_the_desk_that_sent_it_in_reads_notes(client: FlaskClient, session: Session, asked: Request, desk: Person, write: Write) -> None:
    asked.submitted_by_id = desk.id
    session.commit()
    write(desk, NOTE, kind="note")
    assert NOTE in page_of(client, desk, f"/requests/{asked.number}")


def test_an_unknown_task_is_not_found(session: Session, asked: Request, write: Write) -> None:
    coordinator = make_person(session, Role.COORDINATOR)
    for task in ("999999", "9" * 30):
        assert write(coordinator, "Hoi", task=task).status_code == 404
    del asked


def test_a_message_of_the_customer_stands_in_the_lists_until_somebody_gives_a_sign(
    client: FlaskClient, session: Session, asked: Request, crew: Crew, write: Write
) -> None:
    def is_marked(person: Person, address: str) -> bool:
        return "nieuw bericht" in page_of(client, person, address)

    queue = "/tasks?tab=to_do"
    assert not is_marked(crew.handler, queue)
    assert write(crew.asker, "Kan het ook op dinsdag?").status_code == 303
    assert is_marked(crew.handler, queue)
    assert is_marked(crew.desk, "/desk")
    assert not is_marked(crew.asker, "/requests")
    assert write(crew.handler, "Ja, dat kan.").status_code == 303
    assert not is_marked(crew.handler, queue)
    assert not is_marked(crew.desk, "/desk")
    assert write(crew.asker, "Dank u.").status_code == 303
    assert write(crew.handler, "Gelezen.", kind="note").status_code == 303
    assert not is_marked(crew.handler, queue)
    assert write(crew.asker, "O ja, nog iets.").status_code == 303
    session.expire_all()
    task = get_request_for_change(session, asked.id).tasks[0]
    start_task(session=session, task=task, person=crew.handler, by=SYSTEM, at=NOW, zone=ZONE)
    session.commit()
    assert not is_marked(crew.handler, queue)
