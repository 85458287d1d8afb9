"""Thousands of made-up requests are as consistent as real ones."""

from collections import Counter
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from portal.core.bulk import reserve_ids
from portal.core.journal import JournalEntry
from portal.core.references import derive_code, hash_code, normal_code
from portal.people.models import Person
from portal.planning.models import Duration, Pace
from portal.planning.queries import load_calendars
from portal.requests.actions.replanning import dates_of
from portal.requests.models import Request, Task
from portal.requests.queries import load_approvals_of
from portal.requests.workflow import CLOSED, CLOSED_REQUESTS, RequestState, TaskState, derive_request_state
from portal.seeding.load.making import make_load
from portal.seeding.load.templates import make_templates
from portal.seeding.loading import Circumstances
from tests.seeding.conftest import AMOUNT
from tests.seeding.seeds import SECRET, ZONE


def made_requests(session: Session) -> list[Request]:
    is_made = select(Person.id).where(Person.username.startswith("medewerker-"))
    query = select(Request).where(Request.requester_id.in_(is_made)).order_by(Request.id)
    found = session.scalars(query.options(selectinload(Request.tasks).selectinload(Task.predecessors))).all()
    load_approvals_of(session, found)
    return list(found)


def test_as_many_as_asked_each_with_tasks(loaded: Session) -> None:
    requests = made_requests(loaded)
    assert len(requests) == AMOUNT
    assert all(request.tasks for request in requests)
    assert [request.submitted_at for request in requests] == sorted(request.submitted_at for request in requests)


def test_states_are_those_that_follow_from_the_tasks(loaded: Session) -> None:
    for request in made_requests(loaded):
        states = [task.state for task in request.tasks]
        assert request.state is derive_request_state(states)
        assert (request.closed_at is not None) == (request.state in CLOSED_REQUESTS)


def test_most_are_finished_and_some_are_not(loaded: Session) -> None:
    states = Counter(request.state for request in made_requests(loaded))
    assert states[RequestState.DONE] > AMOUNT * 0.8
    assert sum(states[state] for state in RequestState if state not in CLOSED_REQUESTS) > AMOUNT * 0.02


def test_a_task_never_begins_before_what_comes_first(loaded: Session) -> None:
    for request in made_requests(loaded):
        by_id = {task.id: task for task in request.tasks}
        for task in request.tasks:
            before = [by_id[one.after_id] for one in task.predecessors]
            is_free = all(one.state in CLOSED for one in before)
            assert is_free or task.state in {TaskState.WAITING, TaskState.CANCELLED}
            if task.ready_at is not None:
                assert all(one.finished_at is not None and one.finished_at <= task.ready_at for one in before)


def test_open_requests_have_the_dates_of_the_real_planner(loaded: Session) -> None:
    calendars = load_calendars(loaded, ZONE)
    plans_again = JournalEntry.type != "task_claimed"
    ends = loaded.execute(select(JournalEntry.stream, func.max(JournalEntry.at)).where(plans_again).group_by(JournalEntry.stream))
    last = {row[0]: row[1] for row in ends}
    for request in made_requests(loaded):
        if request.state not in CLOSED_REQUESTS:
            dates = dates_of(request=request, calendars=calendars, at=last[request.stream])
            assert (request.expected_at, request.latest_at) == (dates.expected_at, dates.latest_at)


def test_the_journal_tells_what_the_tasks_say(loaded: Session) -> None:
    finished = loaded.scalars(select(JournalEntry).where(JournalEntry.type == "task_finished", JournalEntry.origin == "load")).all()
    done = {task.id for request in made_requests(loaded) for task in request.tasks if task.state is TaskState.DONE}
    assert {entry.data["task_id"] for entry in finished} == done


def test_what_was_measured_is_learned(loaded: Session) -> None:
    counted = loaded.execute(select(Duration.block_id, func.count()).group_by(Duration.block_id))
    assert {pace.block_id: pace.finished for pace in loaded.scalars(select(Pace))} == {row[0]: row[1] for row in counted}


def test_a_tracking_code_finds_its_request(loaded: Session) -> None:
    request = made_requests(loaded)[7]
    code = normal_code(derive_code(secret=SECRET, seed=request.tracking_seed))
    assert request.tracking_hash == hash_code(code or "")


def test_answers_are_of_the_one_who_asks(loaded: Session) -> None:
    shown = [answer["shown"]["nl"] for request in made_requests(loaded) for answer in request.answers]
    assert not [text for text in shown if "{" in text]


def test_more_can_be_made_and_the_same_number_makes_the_same(loaded: Session, circumstances: Circumstances) -> None:
    asked = []
    for _ in range(2):
        with loaded.begin_nested() as point:
            counts = make_load(session=loaded, amount=20, random_seed=7, circumstances=circumstances)
            assert counts["requests"] == 20
            newest = loaded.execute(select(Request.product_id, Request.submitted_at, Request.state).order_by(Request.id.desc()).limit(20))
            asked.append([tuple(row) for row in newest])
            point.rollback()
    assert asked[0] == asked[1]


def test_every_product_and_outcome_has_a_template(loaded: Session, circumstances: Circumstances) -> None:
    templates = make_templates(loaded, chance=Random(1), circumstances=circumstances)
    assert len({template.product_id for template in templates}) == 23
    assert {template.outcome for template in templates} > {"adviseur", "management", None}


def test_keys_that_were_reserved_are_not_given_again(loaded: Session) -> None:
    table = Request.__table__
    first = reserve_ids(loaded, table, 3)  # type: ignore[arg-type]
    assert len(set(first)) == 3
    highest = loaded.scalar(select(func.max(Request.id))) or 0
    assert min(first) > highest
