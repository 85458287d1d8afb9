"""The demo organisation loads whole, once, and its history is one that could have been."""

from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.core.journal import JournalEntry, is_chain_intact, stream_all_entries
from portal.core.queue import Job, JobState
from portal.people.models import Person
from portal.people.passwords import is_password
from portal.requests.models import Request
from portal.requests.workflow import RequestState, derive_request_state
from portal.seeding.demo_account import DEMO_PASSWORD
from portal.seeding.loading import Changes, Circumstances, load_seeds
from portal.web.application import Application
from tests.seeding.seeds import SEEDS


def demo_requests(session: Session) -> list[Request]:
    origins = select(JournalEntry.stream).where(JournalEntry.origin.startswith("demo:"), JournalEntry.type == "request_submitted")
    streams = set(session.scalars(origins))
    requests = session.scalars(select(Request).options(selectinload(Request.tasks)).order_by(Request.id))
    return [request for request in requests if request.stream in streams]


def test_everything_is_there(seeded: tuple[Application, Changes]) -> None:
    counts = seeded[1].counts()
    assert counts["products"] == (23, 0)
    assert counts["departments"] == (6, 0)
    assert counts["requests"][0] > 15
    assert counts["persons"][0] > 20


def test_pages_about_messages_approvals_and_satisfaction_have_something_to_show(loaded: Session) -> None:
    demo = demo_requests(loaded)
    assert any(request.awaits for request in demo)
    assert any(request.unanswered_since for request in demo)
    streams = {request.stream for request in demo}
    told = {entry.type for entry in stream_all_entries(loaded) if entry.stream in streams}
    assert {"message_sent", "request_rated", "approval_asked"} <= told


def test_a_second_time_changes_nothing(loaded: Session, circumstances: Circumstances) -> None:
    changes = load_seeds(session=loaded, folder=SEEDS, with_demo=True, circumstances=circumstances)
    assert changes.is_empty, changes.counts()


def test_every_chain_is_intact(loaded: Session) -> None:
    streams = [(stream, list(entries)) for stream, entries in groupby(stream_all_entries(loaded), key=lambda entry: entry.stream)]
    assert len(streams) > 200
    assert [stream for stream, entries in streams if not is_chain_intact(entries)] == []


def test_nothing_happened_in_the_future(loaded: Session, circumstances: Circumstances) -> None:
    assert all(entry.at <= circumstances.now for entry in stream_all_entries(loaded))


def test_a_history_goes_forward_in_time(loaded: Session) -> None:
    for _stream, entries in groupby(stream_all_entries(loaded), key=lambda entry: entry.stream):
        moments = [entry.at for entry in entries]
        assert moments == sorted(moments)


def test_the_demo_shows_every_stage(loaded: Session) -> None:
    requests = demo_requests(loaded)
    states = {request.state for request in requests}
    assert {RequestState.SUBMITTED, RequestState.IN_PROGRESS, RequestState.DONE} <= states
    assert all(request.state is derive_request_state([task.state for task in request.tasks]) for request in requests)


def test_nobody_gets_mail_about_the_past(loaded: Session) -> None:
    lanes = [request.stream for request in demo_requests(loaded)]
    assert set(loaded.scalars(select(Job.state).where(Job.lane.in_(lanes)))) == {JobState.DONE}


def test_the_demo_password_opens_every_account(loaded: Session) -> None:
    hashes = set(loaded.scalars(select(Person.password_hash).where(Person.username.not_like("medewerker-%"))))
    assert len(hashes) == 1
    assert is_password(DEMO_PASSWORD, hashes.pop())
