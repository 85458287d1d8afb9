"""Mail about a question to the customer, over a real mail server: once, again when there is no answer, and not when there is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.db import transaction
from portal.core.journal import Actor
from portal.jobs.runner import queue_scheduled, run_all_due
from portal.people.models import Person
from portal.people.queries import get_person
from portal.people.roles import Role
from portal.requests.actions.life import answer_question, suspend_task
from portal.requests.models import Request
from portal.requests.promises.actions import remind_customers
from portal.requests.queries import get_request_for_change
from portal.requests.workflow import SuspendReason
from portal.web.application import Application
from tests.factories import NOW, ZONE, make_person
from tests.mailbox import Mailbox
from tests.notifications.test_mail import DANIEL, NOOR, submit, text_of

SetMail = Callable[..., Application]
LATER = NOW + timedelta(days=2)


@pytest.fixture
def asked(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> tuple[Application, Mailbox]:
    """Ask Noor, who asked, and Daniel, who gets it and reads English, which keyboard it must be."""
    box, port = mailbox
    app = set_mail(port)
    request_id = submit(app)
    with app.app_context(), transaction() as session:
        request = get_request_for_change(session, request_id)
        task = request.tasks[0]
        worker = get_person(session, make_person(session, Role.BACK_OFFICE, department=task.department).id)
        about = {"reason": SuspendReason.CUSTOMER, "note": "Which keyboard?"}
        suspend_task(session=session, task=task, person=worker, by=Actor(person_id=worker.id), at=NOW, zone=ZONE, **about)  # type: ignore[arg-type]
    run_all_due(app, at=NOW)
    return app, box


def questions(box: Mailbox, who: str, kind: str = "plain") -> list[str]:
    return [words for mail in box.to(who) if "Which keyboard?" in (words := text_of(mail, kind))]


def answer(app: Application) -> None:
    with app.app_context(), transaction() as session:
        request = get_request_for_change(session, session.scalars(select(Request.id)).one())
        noor = get_person(session, session.scalars(select(Person.id).where(Person.username == "noor")).one())
        answer_question(session=session, task=request.tasks[0], person=noor, by=Actor(), at=LATER, zone=ZONE, text="The flat one.")


def test_who_does_not_answer_gets_it_once_more_in_their_own_language(asked: tuple[Application, Mailbox]) -> None:
    app, box = asked
    assert [len(questions(box, who)) for who in (NOOR, DANIEL)] == [1, 1]
    for _turn in range(2):
        queue_scheduled(app, at=LATER, last={})
        run_all_due(app, at=LATER)
    for kind in ("plain", "html"):
        first, again = questions(box, DANIEL, kind)
        assert "no answer yet" not in first
        assert "We asked you this before and have no answer yet." in again
    assert "Wij vroegen dit al eerder en h" in questions(box, NOOR)[1]


def test_who_answers_before_the_reminder_leaves_does_not_get_it(asked: tuple[Application, Mailbox]) -> None:
    app, box = asked
    with app.app_context(), transaction() as session:
        assert remind_customers(session=session, at=LATER, zone=ZONE) == 1
    answer(app)
    run_all_due(app, at=LATER)
    assert [len(questions(box, who)) for who in (NOOR, DANIEL)] == [1, 1]
