"""Who asks for several people at once gets one mail that names them all; the others hear of their own request only."""

from portal.core.db import db, transaction
from portal.core.journal import Actor
from portal.core.references import derive_code
from portal.jobs.runner import run_all_due
from portal.requests.models import Request
from portal.requests.ordering.actions.submission import Submission, submit_order
from portal.requests.ordering.content import load_content
from portal.requests.ordering.several.models import FurtherBeneficiary
from portal.requests.ordering.several.queries import load_shares
from portal.web.application import Application
from tests.factories import NOW, SECRET, ZONE, make_chain, make_draft, make_person
from tests.mailbox import Mailbox
from tests.notifications.test_mail import CLOSED, DANIEL, NOOR, SetMail, tell, text_of


def submit_three(app: Application) -> list[int]:
    """Submit for Fleur, who is not in the portal, for Daniel and for Noor, who asks; give the ids."""
    with app.app_context(), transaction() as session:
        version = make_chain(session)
        noor = make_person(session, name="Noor Voorbeeld", username="noor", language="en")
        daniel = make_person(session, name="Daniel Example", username="daniel", language="en")
        noor.email, daniel.email = NOOR, DANIEL
        session.flush()
        draft = make_draft(session, noor, version, beneficiary_id=None, beneficiary_name="Fleur Nieuw")
        for person in (daniel, noor):
            session.add(FurtherBeneficiary(draft_id=draft.id, beneficiary_id=person.id, beneficiary_name=person.name, answers={}))
        session.flush()
        submission = Submission(person=noor, by=Actor(person_id=noor.id), at=NOW, zone=ZONE, secret=SECRET)
        shares = load_shares(session, draft, load_content(session, draft))
        return [one.id for one in submit_order(session=session, draft=draft, shares=shares, submission=submission)]


def test_who_asks_gets_one_mail_that_names_all(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port, secret_key=SECRET)
    ids = submit_three(app)
    run_all_due(app, at=NOW)
    assert [len(box.to(NOOR)), len(box.to(DANIEL))] == [1, 1]
    with app.app_context():
        made = [db.session.get_one(Request, one) for one in ids]
        numbers = [one.number for one in made]
        codes = [derive_code(secret=SECRET, seed=one.tracking_seed) for one in made]
    mail = box.to(NOOR)[0]
    assert f"{numbers[0]} and 2 more" in mail["Subject"]
    for kind in ("plain", "html"):
        words = text_of(mail, kind)
        for shown in (*numbers, *codes, "Fleur Nieuw", "Daniel Example", "Noor Voorbeeld", "We have received 3 requests"):
            assert shown in words
    own = text_of(box.to(DANIEL)[0])
    assert numbers[1] in own
    assert not [one for one in (numbers[0], numbers[2], "Fleur Nieuw") if one in own]


def test_a_later_mail_names_whom_it_is_about(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port, secret_key=SECRET)
    ids = submit_three(app)
    tell(app, ids[0], CLOSED)
    tell(app, ids[2], CLOSED)
    run_all_due(app, at=NOW)
    _confirmed, about_fleur, about_herself = box.to(NOOR)
    assert "This request is for Fleur Nieuw." in text_of(about_fleur)
    assert "This request is for Fleur Nieuw." in text_of(about_fleur, "html")
    assert "This request is for" not in text_of(about_herself)
