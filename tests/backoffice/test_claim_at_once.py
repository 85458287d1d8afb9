"""Two people take the same task at the same moment, over connections of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from portal.core.db import transaction
from portal.core.references import new_token
from portal.people.models import Person
from portal.people.roles import Role
from portal.web.application import Application
from tests.factories import make_chain, make_person, make_request, sign_in


def test_one_wins_and_the_other_is_told(committed_app: Application) -> None:
    with committed_app.app_context(), transaction() as session:
        made = make_request(session, make_person(session), make_chain(session))
        task = made.tasks[0]
        people = [make_person(session, Role.BACK_OFFICE, department=task.department) for _ in range(2)]
        task_id = task.id
        session.expunge_all()
    together = Barrier(2)

    def claim(person: Person) -> int:
        client = committed_app.test_client()
        sign_in(client, person)
        together.wait(timeout=20)
        return client.post(f"/tasks/{task_id}/claim", data={"form_key": new_token(), "version": 1}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(claim, people)) == [303, 409]
