"""Who sends a version for review is helped by a mail to those who may look at it."""

from dataclasses import replace

from sqlalchemy.orm import Session

from portal.catalog import drafting
from portal.catalog.memory import definition_of
from portal.catalog.models import CatalogueVersion, ProductVersion
from portal.core.db import transaction
from portal.core.journal import Actor
from portal.jobs.runner import run_all_due
from portal.people.models import Person
from portal.people.roles import Role
from tests.factories import NOW, make_chain, make_person
from tests.mailbox import Mailbox
from tests.notifications.test_mail import SetMail, text_of


def send_changed(session: Session, source: ProductVersion, author: Person) -> CatalogueVersion:
    by = Actor(person_id=author.id)
    draft = drafting.start_draft(session=session, source=source, by=by, at=NOW)
    changed = replace(definition_of(source), icon="desk")
    drafting.change_draft(session=session, version=draft, definition=changed, edition=1, by=by, at=NOW)
    drafting.send_for_review(session=session, version=draft, edition=2, by=by, at=NOW)
    return draft


def test_every_other_manager_is_asked_once(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port, base_url="https://loket.voorbeeld.example")
    with app.app_context(), transaction() as session:
        version = make_chain(session)
        author = make_person(session, Role.CATALOGUE_MANAGER, name="Ada Author", username="ada")
        make_person(session, Role.CATALOGUE_MANAGER, username="rik", language="en")
        make_person(session, Role.COORDINATOR, username="cor")
        send_changed(session, version, author)
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
        draft = send_changed(session, version, people[0])
        drafting.send_back(session=session, version=draft, reason="No.", by=Actor(person_id=people[1].id), at=NOW)
    run_all_due(app, at=NOW)
    assert box.mails == []
