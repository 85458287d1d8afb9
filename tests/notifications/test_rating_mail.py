"""The mail that it is done carries three faces for its customers; who worked on it gets none, and hears when it is opened again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.clock import utc_now
from portal.core.db import db, transaction
from portal.core.journal import Actor
from portal.core.references import hash_code
from portal.jobs.runner import run_all_due
from portal.people.models import Person
from portal.people.queries import get_person
from portal.people.roles import Role
from portal.requests.actions.life import finish_task
from portal.requests.actions.reopening import reopen_request
from portal.requests.feedback.models import RatingLink
from portal.requests.models import Request
from portal.requests.queries import get_request_for_change
from portal.web.application import Application
from tests.factories import ZONE, make_chain, make_person, make_request
from tests.mailbox import Mailbox
from tests.notifications.test_talk_mail import words_to

SetMail = Callable[..., Application]
WORDS = {"nl": ("Hoe ging het?", "Niet tevreden"), "en": ("How did it go?", "Not satisfied")}


def finish(app: Application, language: str, *, by_requester: bool = False) -> None:
    """Make a request of Noor, and let everything be done by Hans, or by Noor herself."""
    at = utc_now() - timedelta(hours=1)
    with app.app_context(), transaction() as session:
        noor = make_person(session, name="Noor Voorbeeld", username="noor", language=language)
        request = get_request_for_change(session, make_request(session, noor, make_chain(session), at).id)
        for task in request.tasks:
            name = f"hans-{task.department.code}"
            known = session.scalars(select(Person.id).where(Person.username == name)).one_or_none()
            handler = get_person(session, known) if known else None
            handler = handler or make_person(session, Role.BACK_OFFICE, username=name, department=task.department)
            finish_task(session=session, task=task, person=handler, by=Actor(person_id=handler.id), at=utc_now(), zone=ZONE, result="")
            if by_requester:
                task.handler_id = noor.id
    run_all_due(app, at=utc_now())


@pytest.mark.parametrize("language", WORDS)
def test_the_faces_are_links_that_nobody_can_guess(set_mail: SetMail, mailbox: tuple[Mailbox, int], language: str) -> None:
    box, port = mailbox
    app = set_mail(port)
    finish(app, language)
    mail = words_to(box, "noor")[-1]
    for word in WORDS[language]:
        assert mail.count(word) == 2, word
    token = mail.partition("/rating/")[2].partition("?")[0]
    with app.app_context():
        assert [one.token_hash for one in db.session.scalars(select(RatingLink))] == [hash_code(token)]
    assert mail.count(f"/rating/{token}?score=") == 6


def test_who_did_the_work_is_not_asked(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    finish(set_mail(port), "nl", by_requester=True)
    assert "/rating/" not in words_to(box, "noor")[-1]


def test_who_did_the_last_part_hears_what_is_not_right(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port)
    finish(app, "nl")
    with app.app_context(), transaction() as session:
        request = get_request_for_change(session, session.scalars(select(Request.id)).one())
        noor = get_person(session, request.requester_id)
        by = Actor(person_id=noor.id)
        reopen_request(session=session, request=request, person=noor, by=by, at=utc_now(), zone=ZONE, reason="Scherm <b>stuk</b>.")
    run_all_due(app, at=utc_now())
    told = words_to(box, "hans-ict")[-1]
    assert "Heropend" in told
    assert "Scherm &lt;b&gt;stuk&lt;/b&gt;." in told
    assert not [mail for mail in words_to(box, "hans-personeel") if "Heropend" in mail]
