"""Putting the base folder in the database, through the same actions that the screens use."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal.catalog.exchange.actions import import_catalogue
from portal.core.errors import InvalidInputError
from portal.core.journal import SYSTEM
from portal.core.yaml_files import Problems
from portal.people.actions import save_department, save_function, save_location, save_team
from portal.people.models import Department
from portal.people.queries import departments_by_code
from portal.planning.actions import save_closed_day, save_opening_hours
from portal.requests.standard_texts.actions import save_text
from portal.requests.standard_texts.queries import list_texts
from portal.search.actions import save_synonyms
from portal.search.learning.queries import are_kept_by_people
from portal.search.vocabulary import Synonym
from portal.seeding.base_content import BaseContent, Closure


def load_base(*, session: Session, content: BaseContent, at: datetime, problems: Problems) -> None:
    """Save all of it; what an action refuses is noted in `problems`."""
    for department in content.departments:
        saved = save_department(session=session, code=department.what.code, name=department.what.name)
        save_opening_hours(session=session, department=saved, week=department.what.week)
        for team in department.what.teams:
            save_team(session=session, code=team.code, name=team.name, department=saved)
    for location in content.locations:
        save_location(session=session, code=location.what.code, name=location.what.name)
    for function in content.functions:
        save_function(session=session, code=function.what.code, name=function.what.name)
    departments = departments_by_code(session)
    for closure in content.closures:
        with problems.at(closure.file, closure.path):
            _save_closure(session, closure.what, departments)
    import_catalogue(session=session, files=content.catalogue, by=SYSTEM, at=at, problems=problems)
    if not list_texts(session):
        for text in content.texts:
            with problems.at(text.file, text.path):
                save_text(session=session, wording=text.what, by=SYSTEM, at=at)
    synonyms = [Synonym(typed, one.what.means, one.what.decides) for one in content.synonyms for typed in one.what.typed]
    if not are_kept_by_people(session):
        save_synonyms(session=session, synonyms=synonyms)


def _save_closure(session: Session, closure: Closure, departments: Mapping[str, Department]) -> None:
    department = departments.get(closure.department) if closure.department else None
    if closure.department and department is None:
        raise InvalidInputError({"department": "unknown_department"})
    save_closed_day(session=session, on=closure.on, name=closure.name, department=department, hours=closure.hours)
