"""Every mistake in a seed file is told with its file, line and field; all of a stage at once, and nothing is loaded."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.catalog.models import Product
from portal.cli.main import cli
from portal.core.db import db
from portal.core.yaml_files import Problem
from portal.seeding.loading import Circumstances
from portal.web.application import Application
from tests.seeding.seeds import Planted

pytestmark = pytest.mark.once


def test_mistakes_that_reading_finds_come_all_at_once(tmp_path: Path, session: Session, circumstances: Circumstances) -> None:
    seeds = Planted(tmp_path)
    hours = seeds.plant("base/departments.yaml", 'fri: ["07:30-18:00"]', 'fri: ["18:00-07:30"]')
    english = seeds.plant("base/locations.yaml", ', en: "De Kring, ground floor (Wijdeveen)"', "")
    kind = seeds.plant("base/questions.yaml", "kind: long_text", "kind: essay")
    asked = seeds.plant("base/blocks/ict.yaml", "questions: [start_date, new_department]", "questions: [start_date, startt_date]")
    spelled = seeds.plant("base/products/nieuwe-medewerker.yaml", "wished_date:", "whished_date:")
    role = seeds.plant("demo/persons.yaml", "role: coordinator", "role: coordinater")
    step = seeds.plant("demo/requests.yaml", "do: suspend", "do: sleep")
    planted = {
        f"seeds/base/departments.yaml:{hours}": "[0].hours.fri[0] not_hours",
        f"seeds/base/locations.yaml:{english}": "[0].name.en required",
        f"seeds/base/questions.yaml:{kind}": "[1].kind unknown_value",
        f"seeds/base/blocks/ict.yaml:{asked}": "[1].questions[1] unknown_question",
        f"seeds/base/products/nieuwe-medewerker.yaml:{spelled}": "whished_date unknown_field",
        f"seeds/demo/persons.yaml:{role}": "[3].roles[1].role unknown_value",
        f"seeds/demo/requests.yaml:{step}": "[1].progress[5].do unknown_value",
    }
    # Blocks that ask the question that could not be read are told too.
    assert planted.items() <= seeds.problems(session, circumstances).items()
    assert session.scalar(select(func.count()).select_from(Product)) == 0


def test_a_file_that_is_no_yaml_is_told_with_its_line(tmp_path: Path, session: Session, circumstances: Circumstances) -> None:
    seeds = Planted(tmp_path)
    line = seeds.plant("base/locations.yaml", "- code: kring-1", "- code: [kring-1")
    problems = seeds.problems(session, circumstances)
    assert [place for place in problems if place.startswith(f"seeds/base/locations.yaml:{line + 1}")]


def test_mistakes_that_only_publishing_finds_have_their_line_too(tmp_path: Path, session: Session, circumstances: Circumstances) -> None:
    seeds = Planted(tmp_path)
    block = seeds.plant("base/products/verhuizing.yaml", "block: schoonmaak", "block: schoonmake")
    branch = seeds.plant("base/products/nieuwe-medewerker.yaml", "outcome: adviseur", "outcome: adviser")
    department = seeds.plant("base/calendar.yaml", "department: communicatie", "department: communicate")
    problems = seeds.problems(session, circumstances, with_demo=False)
    assert problems[f"seeds/base/products/verhuizing.yaml:{block}"].endswith("block unknown_block")
    assert problems[f"seeds/base/products/nieuwe-medewerker.yaml:{branch}"].startswith("tree.questions[2].options[1]")
    assert problems[f"seeds/base/calendar.yaml:{department}"].endswith("department unknown_department")


def test_history_that_cannot_have_been_is_told(tmp_path: Path, session: Session, circumstances: Circumstances) -> None:
    seeds = Planted(tmp_path)
    asked = seeds.plant("demo/requests.yaml", "computer_kind: laptop", "computer_colour: red")
    chosen = seeds.plant("demo/requests.yaml", "things_to_move: [boxes, furniture", "things_to_move: [boxes, piano")
    begun = seeds.plant("demo/requests.yaml", "block: risico-onderzoek, do: start", "block: risico-onderzoek, do: resume")
    problems = seeds.problems(session, circumstances)
    assert problems[f"seeds/demo/requests.yaml:{asked}"] == "[0].answers.computer_colour not_asked"
    assert problems[f"seeds/demo/requests.yaml:{chosen}"] == "[1].answers.things_to_move unknown_option"
    assert problems[f"seeds/demo/requests.yaml:{begun}"] == "[2].progress[1].do wrong_order"


def test_a_mistake_reads_as_a_sentence() -> None:
    problem = Problem("seeds/base/questions.yaml", 12, "[1].kind", "unknown_value")
    assert str(problem) == "seeds/base/questions.yaml, line 12: [1].kind is not one of the possible values"


def test_the_command_tells_them_and_loads_nothing(tmp_path: Path, committed_app: Application) -> None:
    seeds = Planted(tmp_path)
    line = seeds.plant("base/products/verhuizing.yaml", "block: schoonmaak", "block: schoonmake")
    environment = {"PORTAL_DATABASE_URL": committed_app.settings.database_url}
    done = CliRunner(env=environment).invoke(cli, ["seed", "--no-demo", "--folder", str(seeds.folder)])
    assert done.exit_code == 1
    assert f"seeds/base/products/verhuizing.yaml, line {line}:" in done.output
    with committed_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Product)) == 0
