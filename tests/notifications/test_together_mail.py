"""Who asks for several people at once gets one mail that names them all; the others hear of their own request only."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from portal.catalog.actions import save_question
from portal.catalog.memory import definition_of
from portal.catalog.models import ProductVersion
from portal.core.db import db, transaction
from portal.core.journal import Actor
from portal.core.references import derive_code
from portal.jobs.runner import run_all_due
from portal.requests.events import LineAdded, QuestionAsked, TaskRefused
from portal.requests.models import Request
from portal.requests.ordering.actions.submission import Submission, submit_order
from portal.requests.ordering.content import load_content
from portal.requests.ordering.several.models import FurtherBeneficiary
from portal.requests.ordering.several.queries import load_shares
from portal.requests.talk.events import MessageSent
from portal.web.application import Application
from tests.factories import NOW, SECRET, ZONE, make_block, make_chain, make_draft, make_person, make_product
from tests.mailbox import Mailbox
from tests.notifications.test_mail import CLOSED, DANIEL, ICT, LAPTOP, MOVED, NOOR, SetMail, tell, text_of
from tests.requests.approvals.conftest import MANAGER
from tests.requests.ordering.conftest import make_question


def canary(name: str) -> str:
    return f"CANARIE{name.partition(' ')[0]}"


def make_asking(session: Session) -> ProductVersion:
    """Publish the chain with a question that each person answers, and with an approval."""
    version = make_chain(session)
    why = make_question("why", per_person=True)
    save_question(session=session, question=why)
    make_block(session, "record", department="personeel", questions=[why])
    return make_product(session, "newcomer", [*definition_of(version).lines], approval=MANAGER)


def submit_three(app: Application, make: Callable[[Session], ProductVersion] = make_chain) -> list[int]:
    """Submit for Fleur, who is not in the portal, for Daniel and for Noor, who asks; give the ids."""
    with app.app_context(), transaction() as session:
        version = make(session)
        noor = make_person(session, name="Noor Voorbeeld", username="noor", language="en")
        daniel = make_person(session, name="Daniel Example", username="daniel", language="en")
        noor.email, daniel.email = NOOR, DANIEL
        session.flush()
        noor.manager_id = make_person(session, username="bram", language="en").id
        answers = {"why": canary("Fleur")} if make is make_asking else {}
        draft = make_draft(session, noor, version, beneficiary_id=None, beneficiary_name="Fleur Nieuw", answers=answers, has_details=True)
        for person in (daniel, noor):
            own = {code: canary(person.name) for code in answers}
            session.add(FurtherBeneficiary(draft_id=draft.id, beneficiary_id=person.id, beneficiary_name=person.name, answers=own))
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


EVENTS = (
    MOVED,
    QuestionAsked(task_id=1, name=LAPTOP, department=ICT, text="Which keyboard?"),
    TaskRefused(task_id=1, name=LAPTOP, department=ICT, text="Sold out"),
    LineAdded(task_id=1, name=LAPTOP, department=ICT),
    MessageSent(message_id=0, by_customer=False, files=0),
    CLOSED,
)


def test_every_mail_after_the_first_is_about_one_person_and_tells_no_answers(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port, secret_key=SECRET)
    ids = submit_three(app, make_asking)
    for request_id in ids:
        tell(app, request_id, *EVENTS)
    run_all_due(app, at=NOW)
    with app.app_context():
        made = [db.session.get_one(Request, one) for one in ids]
        signs = [{one.number, derive_code(secret=SECRET, seed=one.tracking_seed), one.beneficiary_name} for one in made]
    names = ["Fleur Nieuw", "Daniel Example", "Noor Voorbeeld"]
    assert [one.beneficiary_name for one in made] == names
    assert [answer["value"] for one in made for answer in one.answers] == [canary(one) for one in names], "each has an own answer"
    confirmed, *to_noor = box.to(NOOR)
    assert len(to_noor) == len(ids) * len(EVENTS)
    assert (len(box.to(DANIEL)), len(box.to("bram@"))) == (1 + len(EVENTS), 1)
    for mail in [*to_noor, *box.to(DANIEL)]:
        words = " ".join([str(mail["Subject"]), *(text_of(mail, kind) for kind in ("plain", "html"))])
        (about,) = (place for place, one in enumerate(made) if one.number in words)
        others = {sign for place, found in enumerate(signs) for sign in found if place != about} - {"Noor Voorbeeld"}
        assert not [sign for sign in others if sign in words], words
        assert str(mail["To"]).startswith("Daniel") <= (about == 1)
    assert not [mail for mail in box.mails if "CANARIE" in str(mail)]
    assert all(name in text_of(mail) for name in names for mail in (confirmed, *box.to("bram@")))
