"""Mail from event to mailbox, over a real mail server, with connections that really commit."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import select

from portal.core.clock import utc_now
from portal.core.db import db, transaction
from portal.core.journal import Actor, Event, JournalEntry, get_entry, record
from portal.core.queue import MAX_ATTEMPTS, Job, JobState
from portal.core.references import derive_code
from portal.jobs.runner import queue_scheduled, run_all_due
from portal.jobs.table import INSIDE
from portal.jobs.worker import Worker
from portal.notifications.models import Delivery, DeliveryState
from portal.people.models import Person
from portal.requests.events import DatesChanged, QuestionAsked, RequestClosed, TaskRefused
from portal.requests.models import Request
from portal.subscriptions import SILENT, SUBSCRIPTIONS
from portal.web.application import Application
from tests.factories import NOW, make_chain, make_person, make_request
from tests.mailbox import Mailbox

NOOR, DANIEL = "noor@loket.example", "daniel@loket.example"
LAPTOP = {"nl": "Laptop klaarzetten", "en": "Prepare laptop"}
ICT = {"nl": "ICT-afdeling", "en": "IT department"}
MOVED = DatesChanged(
    old_expected_at="2026-11-26T15:00:00+00:00",
    new_expected_at="2026-12-03T15:00:00+00:00",
    old_latest_at="2026-11-27T15:00:00+00:00",
    new_latest_at="2026-12-04T15:00:00+00:00",
    cause="task_suspended",
    name=LAPTOP,
    department=ICT,
)
CLOSED = RequestClosed(state="done", product=LAPTOP, promised_first=NOW.isoformat(), closed_at=NOW.isoformat())
SetMail = Callable[..., Application]


def submit(app: Application, *, at: datetime = NOW) -> int:
    """Submit a request of Noor for Daniel, who reads English; give its id."""
    with app.app_context(), transaction() as session:
        version = make_chain(session)
        noor = make_person(session, name="Noor Voorbeeld", username="noor")
        daniel = make_person(session, name="Daniel Example", username="daniel", language="en")
        noor.email, daniel.email = NOOR, DANIEL
        session.flush()
        return make_request(session, noor, version, at, beneficiary_id=daniel.id, beneficiary_name="Daniel Example").id


def tell(
    app: Application,
    request_id: int,
    *events: Event,
    by: Actor | None = None,
) -> None:
    with app.app_context(), transaction() as session:
        for event in events:
            record(session, event, stream=f"request:{request_id}", by=by or Actor(), at=NOW)


def deliveries(app: Application) -> list[Delivery]:
    with app.app_context():
        found = list(db.session.scalars(select(Delivery).order_by(Delivery.id)))
        db.session.expunge_all()
        return found


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_the_submitter_and_the_one_it_is_for_each_get_one_mail(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port, base_url="https://loket.voorbeeld.example/portaal")
    request_id = submit(app)
    run_all_due(app, at=NOW)
    run_all_due(app, at=NOW)
    assert [len(box.to(NOOR)), len(box.to(DANIEL)), len(box.mails)] == [1, 1, 2]
    mail = box.to(NOOR)[0]
    with app.app_context():
        request = db.session.get_one(Request, request_id)
        number, code = request.number, derive_code(secret=app.settings.secret_key, seed=request.tracking_seed)
    assert number in mail["Subject"]
    for kind in ("plain", "html"):
        words = text_of(mail, kind)
        assert number in words
        assert f"https://loket.voorbeeld.example/portaal/track/{code}" in words
        assert f"https://loket.voorbeeld.example/portaal/requests/{number}" in words
        assert "november 2026" in words
        assert "localhost" not in words
    assert "Daniel Example" in text_of(mail)
    assert str(mail["From"]) == "Loket <loket@loket.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert {one.state for one in deliveries(app)} == {DeliveryState.SENT}


def test_each_reader_gets_their_own_language(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port)
    tell(app, submit(app), MOVED)
    run_all_due(app, at=NOW)
    dutch, english = text_of(box.to(NOOR)[1]), text_of(box.to(DANIEL)[1])
    assert "donderdag 3 december 2026" in dutch
    assert "Laptop klaarzetten" in dutch
    assert "ICT-afdeling" in dutch
    assert "Thursday 3 December 2026" in english
    assert "The expected date moved from Thursday 26 November 2026 to Thursday 3 December 2026, because" in english
    assert "IT department put “Prepare laptop” on hold." in english
    assert 'lang="nl"' in text_of(box.to(NOOR)[1], "html")


def test_a_mail_about_a_date_tells_why(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port)
    tell(app, submit(app), MOVED, CLOSED)
    run_all_due(app, at=NOW)
    for mail in box.to(NOOR)[:2]:
        assert "Waarom deze datum? Deze deeltaken volgen elkaar op: personeel: “record” (1 werkdag); ict: “account”" in text_of(mail)
    assert "Why this date? These tasks follow each other: personeel (en): “record (en)” (1 working day)" in text_of(
        box.to(DANIEL)[0], "html"
    )
    assert "Waarom deze datum" not in text_of(box.to(NOOR)[2])


def test_every_mail_can_be_written_in_both_languages(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port)
    question = QuestionAsked(task_id=1, name=LAPTOP, department=ICT, text="Which <b>keyboard</b>?")
    refused = TaskRefused(task_id=1, name=LAPTOP, department=ICT, text="Sold out")
    closed = [
        RequestClosed(state=state, product=LAPTOP, promised_first=NOW.isoformat(), closed_at=NOW.isoformat())
        for state in ("done", "refused", "cancelled")
    ]
    tell(app, submit(app), question, refused, MOVED, *closed)
    run_all_due(app, at=NOW)
    assert [len(box.to(NOOR)), len(box.to(DANIEL))] == [7, 7]
    subjects = [str(mail["Subject"]).split(" A-")[0] for mail in box.to(DANIEL)]
    assert subjects == [
        "Your request", "Your action is needed for", "A part of", "New date for", "Ready:", "Cannot be done:", "Cancelled:",
    ]  # fmt: skip
    assert "Which <b>keyboard</b>?" in text_of(box.to(DANIEL)[1])
    assert "Which &lt;b&gt;keyboard&lt;/b&gt;?" in text_of(box.to(DANIEL)[1], "html")
    assert "&#34;" not in text_of(box.to(DANIEL)[2])


def test_who_did_it_gets_a_mail_only_about_what_one_keeps(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port)
    request_id = submit(app)
    with app.app_context():
        noor = db.session.scalars(select(Person.id).where(Person.username == "noor")).one()
    tell(app, request_id, MOVED, by=Actor(person_id=noor))
    tell(app, request_id, CLOSED, by=Actor(person_id=noor))
    run_all_due(app, at=NOW)
    assert [len(box.to(NOOR)), len(box.to(DANIEL))] == [2, 3]


def test_an_event_that_is_dispatched_twice_makes_one_mail(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port)
    submit(app)
    run_all_due(app, at=NOW)
    with app.app_context(), transaction() as session:
        entry = get_entry(session, session.scalars(select(JournalEntry.id).where(JournalEntry.type == "request_submitted")).one())
        for handler in SUBSCRIPTIONS["request_submitted"]:
            handler(session, entry, NOW)
    run_all_due(app, at=NOW)
    assert len(box.mails) == 2


def test_without_a_mail_server_mail_waits_and_goes_out_in_order_when_there_is_one(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(None)
    tell(app, submit(app), MOVED)
    queue_scheduled(app, at=NOW, last={})
    run_all_due(app, at=NOW)
    assert [one.state for one in deliveries(app)] == [DeliveryState.WAITING] * 4
    app = set_mail(port)
    queue_scheduled(app, at=NOW + timedelta(minutes=1), last={})
    run_all_due(app, at=NOW + timedelta(minutes=1))
    assert [str(mail["Subject"]).split(" A-")[0] for mail in box.to(DANIEL)] == ["Your request", "New date for"]
    assert {one.state for one in deliveries(app)} == {DeliveryState.SENT}


def test_a_temporary_refusal_is_tried_again_later(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port)
    box.answers = ["451 busy", "250 OK", "250 OK"]
    submit(app)
    run_all_due(app, at=NOW)
    assert len(box.mails) == 1
    assert sorted(one.state for one in deliveries(app)) == [DeliveryState.QUEUED, DeliveryState.SENT]
    run_all_due(app, at=NOW + timedelta(minutes=1))
    assert len(box.mails) == 2
    assert {one.state for one in deliveries(app)} == {DeliveryState.SENT}


def test_a_dead_mailbox_ends_in_quarantine_and_holds_up_nobody_else(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port)
    box.refused_addresses = {NOOR}
    tell(app, submit(app), MOVED)
    for attempt in range(MAX_ATTEMPTS):
        run_all_due(app, at=NOW + attempt * timedelta(hours=1))
        assert len(box.to(DANIEL)) == 2
    states = [(one.address, one.state) for one in deliveries(app)]
    assert states[0] == (NOOR, DeliveryState.FAILED)
    assert (DANIEL, DeliveryState.FAILED) not in states
    with app.app_context():
        job = db.session.scalars(select(Job).where(Job.state == JobState.QUARANTINED)).first()
        assert job is not None
        assert "nobody here" in (job.last_error or "")


def test_a_connection_that_breaks_after_the_mail_gives_the_same_message_id_again(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port)
    box.drops = 1
    submit(app)
    run_all_due(app, at=NOW)
    run_all_due(app, at=NOW + timedelta(minutes=1))
    assert len(box.mails) == 3
    assert len({mail["Message-ID"] for mail in box.mails}) == 2
    assert {mail["Message-ID"] for mail in box.mails} == {one.message_id for one in deliveries(app)}


def test_a_server_that_hangs_is_left_and_the_other_work_goes_on(set_mail: SetMail, hung_port: int) -> None:
    app = set_mail(hung_port)
    submit(app, at=utc_now())
    worker = Worker(app)
    worker.start()
    for _ in range(50):
        with app.app_context():
            left = select(Job.id).where(Job.kind.in_(INSIDE), Job.run_at <= utc_now(), Job.state != JobState.DONE)
            errors = db.session.scalars(select(Job.last_error).where(Job.last_error.is_not(None))).all()
            is_rest_done = db.session.scalar(left.limit(1)) is None
        if errors and is_rest_done:
            break
        threading.Event().wait(0.2)
    worker.stop()
    assert worker.join(10)
    assert errors
    assert is_rest_done
    assert {one.state for one in deliveries(app)} == {DeliveryState.QUEUED}


def test_people_who_left_get_no_mail(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app = set_mail(port)
    request_id = submit(app)
    with app.app_context(), transaction() as session:
        session.scalars(select(Person).where(Person.username == "daniel")).one().is_active = False
    tell(app, request_id, MOVED)
    run_all_due(app, at=NOW)
    assert not box.to(DANIEL)
    assert len(box.to(NOOR)) == 2


def test_every_event_is_subscribed_or_silent_and_none_is_both() -> None:
    assert not SUBSCRIPTIONS.keys() & SILENT.keys()


def test_no_event_is_forgotten() -> None:
    def kinds(of: type[Event]) -> set[str]:
        own = {of.type} if "type" in vars(of) and of.__module__.startswith("portal.") else set()
        return own.union(*(kinds(one) for one in of.__subclasses__()))

    assert kinds(Event) == SUBSCRIPTIONS.keys() | SILENT.keys()
