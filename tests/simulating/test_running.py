"""A simulation runs in parts, each in a transaction of its own; what fails is done again, once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from portal.catalog.definition import CatalogueKind
from portal.catalog.memory import definition_of, read_definition
from portal.catalog.models import ProductVersion
from portal.catalog.queries import get_published_product, get_version
from portal.core.db import db, transaction
from portal.core.errors import ConflictError, IllegalTransitionError
from portal.core.journal import SYSTEM
from portal.core.queue import MAX_ATTEMPTS, Job
from portal.jobs import work
from portal.jobs.runner import run_all_due
from portal.people.roles import Role
from portal.requests.models import Request
from portal.simulating import stage
from portal.simulating.actions import ask_simulation, cancel_simulation, delete_simulations
from portal.simulating.models import SimulatedChange, Simulation
from portal.simulating.stage import Period, count_requests, replay_all, set_stage
from portal.simulating.tally import count_of, spread_of
from portal.simulating.workflow import SimulationState
from portal.web.application import Application
from tests.factories import NOW, ZONE, make_line, make_person
from tests.simulating.conftest import AMOUNT, PERIOD, draft_of_block, draft_of_product, draft_with_badge, longer, make_asked

LATER = NOW + timedelta(hours=6)


def ask(session: Session) -> int:
    """Make a product with requests and a draft, and ask for a simulation."""
    version = make_asked(session)
    draft = draft_with_badge(session, version, make_person(session, Role.CATALOGUE_MANAGER))
    simulation = ask_simulation(session=session, draft=draft, published=version, period=PERIOD, by=SYSTEM, at=NOW)
    return simulation.id


def simulation_of(app: Application) -> Simulation:
    with app.app_context():
        simulation = db.session.scalars(select(Simulation)).one()
        db.session.expunge_all()
        return simulation


@pytest.fixture
def asked(committed_app: Application, monkeypatch: pytest.MonkeyPatch) -> Application:
    """Give an application in which a simulation of seven requests waits, to be done three at a time."""
    monkeypatch.setattr(stage.replay_chunk, "__kwdefaults__", {"most": 3})
    with committed_app.app_context(), transaction() as session:
        ask(session)
    return committed_app


def counts_of(app: Application) -> tuple[int, int, int]:
    with app.app_context():
        changes = db.session.scalar(select(func.count()).select_from(SimulatedChange)) or 0
    simulation = simulation_of(app)
    return simulation.done, count_of(simulation.result, "requests"), changes


def test_it_runs_in_parts_to_its_end(asked: Application) -> None:
    assert simulation_of(asked).total == AMOUNT
    run_all_due(asked, at=LATER)
    assert counts_of(asked) == (AMOUNT, AMOUNT, AMOUNT)
    simulation = simulation_of(asked)
    assert (simulation.state, simulation.finished_at) == (SimulationState.DONE, LATER)
    with asked.app_context():
        parts = db.session.scalar(select(func.count()).select_from(Job).where(Job.kind == "simulate"))
        change = db.session.scalars(select(SimulatedChange)).first()
        assert change is not None
        assert (change.comes, change.goes, change.moves, change.moved_days) == (["badge"], [], [], 1)
    assert parts == 3


def test_a_part_that_fails_is_done_again_and_counted_once(asked: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    keep, times = work.keep_chunk, []

    def keep_and_fail(**part: Any) -> None:
        keep(**part)
        times.append(part["after"])
        if len(times) == 2:
            message = "the power went off"
            raise OSError(message)

    monkeypatch.setattr(work, "keep_chunk", keep_and_fail)
    run_all_due(asked, at=LATER)
    assert counts_of(asked) == (3, 3, 3)
    assert simulation_of(asked).state is SimulationState.RUNNING
    run_all_due(asked, at=LATER + timedelta(hours=1))
    assert counts_of(asked) == (AMOUNT, AMOUNT, AMOUNT)
    assert times[1] == times[2]


def test_a_part_that_keeps_failing_ends_it(asked: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_part: Any) -> None:
        message = "no luck"
        raise OSError(message)

    monkeypatch.setattr(work, "keep_chunk", fail)
    for attempt in range(MAX_ATTEMPTS):
        run_all_due(asked, at=LATER + timedelta(days=attempt))
    assert simulation_of(asked).state is SimulationState.FAILED


def test_what_was_stopped_goes_no_further(asked: Application) -> None:
    with asked.app_context(), transaction() as session:
        cancel_simulation(simulation=session.scalars(select(Simulation)).one(), at=NOW)
    run_all_due(asked, at=LATER)
    assert counts_of(asked) == (0, 0, 0)
    with asked.app_context(), transaction() as session, pytest.raises(IllegalTransitionError):
        cancel_simulation(simulation=session.scalars(select(Simulation)).one(), at=NOW)


def test_a_draft_that_changes_meanwhile_does_not_change_what_is_replayed(asked: Application) -> None:
    with asked.app_context(), transaction() as session:
        version = get_version(session, CatalogueKind.PRODUCTS, "newcomer", 2)
        assert isinstance(version, ProductVersion)
        version.definition = {**version.definition, "lines": version.definition["lines"][:1]}
    run_all_due(asked, at=LATER)
    assert count_of(simulation_of(asked).result, "other_tasks") == AMOUNT


def test_the_same_question_asked_twice_runs_once(session: Session) -> None:
    simulation_id = ask(session)
    draft, published = (get_version(session, CatalogueKind.PRODUCTS, "newcomer", number) for number in (2, 1))
    again = ask_simulation(session=session, draft=draft, published=published, period=PERIOD, by=SYSTEM, at=LATER)
    assert again.id == simulation_id
    other = ask_simulation(session=session, draft=draft, published=published, period=replace(PERIOD, since=PERIOD.until), by=SYSTEM, at=NOW)
    assert (other.total, other.id != simulation_id) == (1, True)


def test_a_draft_with_faults_is_refused(session: Session) -> None:
    version = make_asked(session, amount=1)
    broken = replace(definition_of(version), lines=(make_line("gone"),))
    draft = draft_of_product(session, version, broken, make_person(session, Role.CATALOGUE_MANAGER))
    with pytest.raises(ConflictError):
        ask_simulation(session=session, draft=draft, published=version, period=PERIOD, by=SYSTEM, at=NOW)


def test_the_published_version_gives_what_was_really_promised(session: Session) -> None:
    version = make_asked(session)
    set_up = set_stage(session, definition_of(version), PERIOD)
    assert count_requests(session, set_up) == AMOUNT
    found = stage.replay_chunk(session, set_up, after=0).replayed
    by_id = {one.recorded.request_id: one for one in found}
    for request in session.scalars(select(Request).options(selectinload(Request.tasks))):
        one = by_id[request.id]
        assert set(one.published.departments) == {task.name.nl for task in request.tasks}
        assert one.published_dates is not None
        assert (one.published_dates.expected_at, one.published_dates.latest_at) == (request.first_expected_at, request.first_latest_at)
        assert not one.has_other_tasks


def test_the_draft_of_a_block_replays_the_products_that_use_it(session: Session) -> None:
    make_asked(session)
    manager = make_person(session, Role.CATALOGUE_MANAGER)
    draft, published = draft_of_block(session, "laptop", manager, norm=longer(get_version(session, CatalogueKind.BLOCKS, "laptop", 1)))
    simulation = ask_simulation(session=session, draft=draft, published=published, period=PERIOD, by=SYSTEM, at=NOW)
    assert (simulation.kind, simulation.total) == (CatalogueKind.BLOCKS, AMOUNT)
    *_, (done, tally) = replay_all(session, set_stage(session, read_definition(draft), PERIOD))
    assert (done, list(tally["situations"])) == (AMOUNT, ["newcomer"])
    spread = spread_of(tally["situations"]["newcomer"]["latest"]["moved"])
    assert spread is not None
    assert (spread.earlier, spread.same, spread.later) == (0, 0, AMOUNT)


def test_only_requests_of_the_period_count_to_the_minute(session: Session) -> None:
    version = make_asked(session, amount=1)
    session.scalars(select(Request)).one().submitted_at = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)  # midnight in Amsterdam
    session.flush()
    days = {day: Period(datetime(2026, 11, day, tzinfo=ZONE).date(), datetime(2026, 11, day, tzinfo=ZONE).date(), ZONE) for day in (22, 23)}
    counts = {day: count_requests(session, set_stage(session, definition_of(version), period)) for day, period in days.items()}
    assert counts == {22: 0, 23: 1}


def test_old_simulations_are_forgotten(asked: Application) -> None:
    run_all_due(asked, at=LATER)
    with asked.app_context(), transaction() as session:
        delete_simulations(session=session, before=NOW)
        assert session.scalar(select(func.count()).select_from(Simulation)) == 1
        delete_simulations(session=session, before=LATER)
        assert session.scalar(select(func.count()).select_from(Simulation)) == 0
        assert session.scalar(select(func.count()).select_from(SimulatedChange)) == 0


def test_a_page_of_parts_takes_as_many_statements_for_many_requests_as_for_one(session: Session, statements: list[str]) -> None:
    version = make_asked(session)
    set_up = set_stage(session, definition_of(get_published_product(session, version.code)), PERIOD)
    counts = []
    for most in (1, AMOUNT):
        statements.clear()
        stage.replay_chunk(session, set_up, after=0, most=most)
        counts.append(len(statements))
    assert counts == [3, 3]
