"""Who sends a version for review is helped by a mail to those who may look at it."""

from portal.catalog import drafting
from portal.core.db import transaction
from portal.core.journal import Actor
from portal.jobs.runner import run_all_due
from portal.people.roles import Role
from tests.factories import NOW, make_chain, make_person
from tests.mailbox import Mailbox
from tests.notifications.test_mail import SetMail, text_of


def test_every_other_manager_is_asked_once(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port, base_url="https://loket.voorbeeld.example")
    with app.app_context(), transaction() as session:
        version = make_chain(session)
        author = make_person(session, Role.CATALOGUE_MANAGER, name="Ada Author", username="ada")
        make_person(session, Role.CATALOGUE_MANAGER, username="rik", language="en")
        make_person(session, Role.COORDINATOR, username="cor")
        draft = drafting.start_draft(session=session, source=version, by=Actor(person_id=author.id), at=NOW)
        drafting.send_for_review(session=session, version=draft, edition=1, by=Actor(person_id=author.id), at=NOW)
    run_all_due(app, at=NOW)
    run_all_due(app, at=NOW)
    (mail,) = box.mails
    assert mail["To"].endswith("<rik@loket.example>")
    assert mail["Subject"] == "Please look at version 2 of product newcomer (en)"
    for kind in ("plain", "html"):
        assert "https://loket.voorbeeld.example/manage/catalog/products/newcomer" in text_of(mail, kind)
        assert "Ada Author sent version 2 of “product newcomer (en)” for review." in text_of(mail, kind)
        assert "plan" not in text_of(mail, kind)


def test_what_was_sent_back_before_the_mail_left_asks_nobody(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port)
    with app.app_context(), transaction() as session:
        version = make_chain(session)
        people = [make_person(session, Role.CATALOGUE_MANAGER) for _ in range(2)]
        draft = drafting.start_draft(session=session, source=version, by=Actor(person_id=people[0].id), at=NOW)
        drafting.send_for_review(session=session, version=draft, edition=1, by=Actor(person_id=people[0].id), at=NOW)
        drafting.send_back(session=session, version=draft, reason="No.", by=Actor(person_id=people[1].id), at=NOW)
    run_all_due(app, at=NOW)
    assert box.mails == []
