"""Two people change the same request at the same moment, over connections of their own: one wins, the other is told."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from portal.core.db import transaction
from portal.people.models import Person
from portal.people.roles import Role
from portal.requests.models import Request, Task
from portal.requests.ordering.several.models import FurtherBeneficiary
from portal.requests.workflow import TaskState
from portal.web.application import Application
from tests.factories import make_draft, make_person, make_request, sign_in
from tests.requests.changing.meetings import fields, product

Click = tuple[Person, str, str, Mapping[str, str]]


def press_together(app: Application, *clicks: Click) -> list[int]:
    """Let each person open a page and, when all have, send its form at once; gives what each was answered."""
    together = Barrier(len(clicks))

    def press(click: Click) -> int:
        person, shown, target, values = click
        client = app.test_client()
        sign_in(client, person)
        data = {**fields(client.get(shown).text), **values}
        together.wait(timeout=20)
        return client.post(target, data=data).status_code

    with ThreadPoolExecutor(len(clicks)) as pool:
        return list(pool.map(press, clicks))


def test_adding_while_the_desk_cancels_the_whole(committed_app: Application) -> None:
    with committed_app.app_context(), transaction() as session:
        asker = make_person(session)
        request = make_request(session, asker, product(session), answers={"colour": "rood"}, has_details=True)
        desk = make_person(session, Role.SERVICE_DESK)
        request_id, path = request.id, f"/requests/{request.number}"
        session.expunge_all()
    adding = f"{path}/additions/coffee"
    codes = press_together(
        committed_app,
        (asker, adding, adding, {}),
        (desk, f"{path}/cancellation", f"{path}/cancellation", {"reason": "Niet meer nodig."}),
    )
    assert sorted(codes) == [303, 409], "one wins, the other is told"
    with committed_app.app_context(), transaction() as session:
        states = session.scalars(select(Task.state).where(Task.request_id == request_id).order_by(Task.id)).all()
        closed_at = session.scalar(select(Request.closed_at).where(Request.id == request_id))
    is_added = codes[0] == 303
    assert states == ([TaskState.READY, TaskState.WAITING] if is_added else [TaskState.CANCELLED])
    assert (closed_at is None) == is_added


def test_two_windows_send_the_same_order_for_several_people(committed_app: Application) -> None:
    with committed_app.app_context(), transaction() as session:
        asker = make_person(session)
        version = product(session)
        draft = make_draft(session, asker, version, answers={"colour": "rood"}, has_details=True)
        session.add(FurtherBeneficiary(draft_id=draft.id, beneficiary_name="Daan Stage", answers={}))
        session.flush()
        address = f"/order/{version.product.code}/{draft.token}"
        session.expunge_all()
    click: Click = (asker, f"{address}/check", f"{address}/submission", {})
    assert press_together(committed_app, click, click) == [303, 303]
    with committed_app.app_context(), transaction() as session:
        assert session.scalar(select(func.count(Request.id))) == 2
        assert len(set(session.scalars(select(Request.together_id)))) == 1
