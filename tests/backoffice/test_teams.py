"""Teams of a department: a task is for the team of its building block, and the queue can show one team only."""

from dataclasses import replace

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.catalog.actions import publish_block
from portal.catalog.memory import block_definition_of
from portal.catalog.queries import published_blocks
from portal.core.journal import SYSTEM
from portal.people.actions import save_team
from portal.people.queries import departments_by_code
from portal.people.roles import Role
from tests.catalog.examples import publish
from tests.factories import NOW, make_block, make_department, make_line, make_person, make_request, sign_in, words


def test_a_task_is_for_the_team_of_its_block(client: FlaskClient, session: Session) -> None:
    ict = make_department(session, "ict")
    for code in ("laptops", "phones"):
        save_team(session=session, code=code, name=words(code), department=departments_by_code(session)["ict"])
        definition = block_definition_of(make_block(session, f"{code}-block"))
        publish_block(session=session, definition=replace(definition, team=code), by=SYSTEM, at=NOW)
    make_block(session, "other")
    version = publish(session, "things", [make_line("laptops-block"), make_line("phones-block"), make_line("other")])
    made = make_request(session, make_person(session, Role.MANAGER), version)
    tasks = {task.name.nl: f'href="/tasks/{task.id}"' for task in made.tasks}
    assert published_blocks(session, ["phones-block"])["phones-block"].team_id == made.tasks[1].team_id
    sign_in(client, make_person(session, Role.BACK_OFFICE, department=ict, language="en"))

    def shown(address: str) -> set[str]:
        text = client.get(address).text
        return {name for name, link in tasks.items() if link in text}

    assert shown("/tasks") == set(tasks)
    assert shown("/tasks?team=phones") == {"phones-block"}
    assert shown("/tasks?team=nonsense") == set(tasks)
    page = client.get("/tasks?team=phones").text
    assert "tab=late" in page
    assert page.count("team=phones") > len(tasks)  # every tab keeps the team
    assert "phones (en)" in client.get(f"/tasks/{made.tasks[1].id}").text
    assert "Team:" not in client.get(f"/tasks/{made.tasks[2].id}").text
