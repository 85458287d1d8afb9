"""Mail about the conversation: the other side hears it, colleagues are called, and a note stays inside."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from portal.core.clock import utc_now
from portal.core.db import db, transaction
from portal.core.journal import Actor
from portal.jobs.runner import run_all_due
from portal.people.models import Person
from portal.people.queries import get_person
from portal.people.roles import Role
from portal.requests.models import Request, Task
from portal.requests.queries import get_request_for
from portal.requests.talk.actions import write_message
from portal.requests.talk.models import MessageKind
from portal.web.application import Application
from tests.factories import make_chain, make_person, make_request
from tests.mailbox import Mailbox

SetMail = Callable[..., Application]


def prepare(app: Application) -> None:
    """Make a request of Noor with a handler and a colleague who reads English."""
    with app.app_context(), transaction() as session:
        noor = make_person(session, name="Noor Voorbeeld", username="noor")
        request = make_request(session, noor, make_chain(session), utc_now())
        department = request.tasks[0].department
        handler = make_person(session, Role.BACK_OFFICE, username="hans", department=department)
        make_person(session, Role.BACK_OFFICE, username="carla", department=department, language="en")
        session.get_one(Task, request.tasks[0].id).handler_id = handler.id


def write(app: Application, username: str, text: str, kind: MessageKind = MessageKind.MESSAGE, **more: Any) -> None:
    with app.app_context(), transaction() as session:
        writer = get_person(session, session.scalars(select(Person.id).where(Person.username == username)).one())
        number = session.scalars(select(Request)).one().number
        request = get_request_for(session, by=writer, number=number, for_change=True)
        by = Actor(person_id=writer.id)
        write_message(session=session, request=request, person=writer, by=by, at=utc_now(), kind=kind, text=text, **more)
    run_all_due(app, at=utc_now())


def words_to(box: Mailbox, username: str) -> list[str]:
    """Give all that was sent to somebody, subject included."""
    mails = box.to(f"{username}@loket.example")
    return [
        " ".join([str(mail["Subject"]), *(str(part.get_content()) for part in mail.walk() if not part.is_multipart())]) for mail in mails
    ]


def test_each_side_hears_the_other(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port)
    prepare(app)
    write(app, "noor", "Kan het **eerder**?")
    write(app, "hans", "Nee, <b>helaas</b>.")
    to_handler, to_customer = words_to(box, "hans")[-1], words_to(box, "noor")[-1]
    assert "Kan het **eerder**?" in to_handler
    assert "<strong>eerder</strong>" in to_handler
    assert "/track/" not in to_handler
    assert "&lt;b&gt;helaas&lt;/b&gt;" in to_customer
    assert "/track/" in to_customer
    assert not words_to(box, "carla")


def test_a_mention_calls_a_colleague_and_a_note_stays_inside(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port)
    prepare(app)
    before = len(words_to(box, "noor"))
    write(app, "hans", "CANARIE @carla, @hans: let op.", MessageKind.NOTE)
    (called,) = words_to(box, "carla")
    assert "You are mentioned in an internal note." in called
    assert "/requests/A-" in called
    assert len(words_to(box, "noor")) == before + 1  # that the request was received
    assert not words_to(box, "hans")
    assert "CANARIE" not in " ".join(str(mail) for mail in box.mails)


def test_a_message_to_nobody_in_particular_reaches_the_department(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port)
    prepare(app)
    with app.app_context(), transaction():
        for task in db.session.scalars(select(Task)):
            task.handler_id = None
    write(app, "noor", "Is daar iemand?")
    assert [len(words_to(box, name)) for name in ("hans", "carla")] == [1, 1]


def test_a_message_to_somebody_who_has_left_reaches_the_department(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port)
    prepare(app)
    with app.app_context(), transaction() as session:
        session.scalars(select(Person).where(Person.username == "hans")).one().is_active = False
    write(app, "noor", "Is daar iemand?")
    assert [len(words_to(box, name)) for name in ("hans", "carla")] == [0, 1]
