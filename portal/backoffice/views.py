"""The queue of a department and the page of a task, with every step as a sub-resource of the task."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from portal.backoffice.forms import ChecklistForm, ExtendForm, FinishForm, RefuseForm, ReleaseForm, StepForm, SuspendForm
from portal.backoffice.pages import QueuePage, conflict_sentence, describe_task, task_forms
from portal.backoffice.policy import DEPARTMENT_ROLES, visible_departments
from portal.backoffice.queries import QueueFilter, count_queue, page_of_queue
from portal.backoffice.rules import QueueTab, end_of_day
from portal.catalog.memory import block_definition_of
from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.people.models import Department, Person
from portal.people.queries import list_departments, list_teams, names_of
from portal.people.session import current_actor, current_person
from portal.planning.queries import load_calendars
from portal.requests.actions import life
from portal.requests.actions.extension import extend_task
from portal.requests.clock_pages import clock_lines
from portal.requests.labels import task_state_word
from portal.requests.models import Task
from portal.requests.pages import TONES, answer_rows, history_lines, plan_lines
from portal.requests.projection import project_dates
from portal.requests.promises.pages import shown_promises
from portal.requests.promises.policy import may_make_promise
from portal.requests.promises.queries import list_promises
from portal.requests.queries import get_task_for, list_history
from portal.requests.talk.pages import answer_files, load_talk
from portal.requests.workflow import SuspendReason
from portal.web.answers import Answer, page
from portal.web.application import this_app
from portal.web.htmx import wants_fragment

blueprint: Final = Blueprint("backoffice", __name__)


@blueprint.get("/tasks")
def queue() -> Answer:
    """Show the tasks of a department under one tab, the most urgent first."""
    person = current_person()
    departments = visible_departments(person, list_departments(db.session()))
    if not departments:
        raise ForbiddenError
    code = request.args.get("department")
    department = next((one for one in departments if one.code == code), departments[0])
    template = "backoffice/_queue.html" if wants_fragment("queue") else "backoffice/queue.html"
    return page(template, queue=_queue_page(person, department, departments))


@blueprint.get("/tasks/<int:task_id>")
def task(task_id: int) -> Answer:
    """Show a task with its next step, its checklist and the whole chain."""
    return _show(task_id)


@blueprint.post("/tasks/<int:task_id>/claim")
def claim(task_id: int) -> Answer:
    """Take a task."""

    def take(*, zone: object, version: int | None, **known: Any) -> None:  # noqa: ANN401  as every step
        del zone, version  # of two people at once the database decides
        life.claim_task(**known)

    return _carry_out(task_id, StepForm(), take, _("This task is yours now."))


@blueprint.post("/tasks/<int:task_id>/release")
def release(task_id: int) -> Answer:
    """Put a task back in the queue."""

    def give_back(*, zone: object, **known: Any) -> None:  # noqa: ANN401  as every step
        del zone
        life.release_task(**known)

    return _carry_out(task_id, ReleaseForm(), give_back, _("The task is back in the queue of the department."))


@blueprint.post("/tasks/<int:task_id>/start")
def start(task_id: int) -> Answer:
    """Begin."""
    return _carry_out(task_id, StepForm(), life.start_task, _("You began this task."))


@blueprint.post("/tasks/<int:task_id>/suspension")
def suspend(task_id: int) -> Answer:
    """Stop the clock, with the reason."""
    form = SuspendForm()

    def stop(**known: Any) -> None:  # noqa: ANN401  as every step
        life.suspend_task(reason=SuspendReason(form.reason.data), note=form.note.data or "", **known)

    return _carry_out(task_id, form, stop, _("The task is on hold: its clock stands still."))


@blueprint.post("/tasks/<int:task_id>/extension")
def extend(task_id: int) -> Answer:
    """Give a task more time, with the reason."""
    form = ExtendForm()

    def give_time(**known: Any) -> None:  # noqa: ANN401  as every step
        extend_task(days=form.days.data or 0, reason=form.reason.data or "", **known)

    return _carry_out(task_id, form, give_time, _("The task has more time. The new date and your reason stand in the history."))


@blueprint.post("/tasks/<int:task_id>/resumption")
def resume(task_id: int) -> Answer:
    """Let the clock run again."""
    return _carry_out(task_id, StepForm(), life.resume_task, _("The task goes on: its clock runs again."))


@blueprint.post("/tasks/<int:task_id>/result")
def finish(task_id: int) -> Answer:
    """Finish a task with its result."""
    form = FinishForm()

    def close(**known: Any) -> None:  # noqa: ANN401  as every step
        life.finish_task(result=form.result.data or "", **known)

    return _carry_out(task_id, form, close, _("Well done. The task is finished, and what waits for it can begin."))


@blueprint.post("/tasks/<int:task_id>/refusal")
def refuse(task_id: int) -> Answer:
    """Refuse a task, with the reason."""
    form = RefuseForm()

    def turn_down(**known: Any) -> None:  # noqa: ANN401  as every step
        life.refuse_task(reason=form.reason.data or "", **known)

    return _carry_out(task_id, form, turn_down, _("The task is refused. The customer reads your reason."))


@blueprint.post("/tasks/<int:task_id>/checklist")
def save_checklist(task_id: int) -> Answer:
    """Keep which points of the checklist are done."""
    form = ChecklistForm()

    def tick(*, zone: object, **known: Any) -> None:  # noqa: ANN401  as every step
        del zone
        life.tick_checklist(done=set(form.done.data or []), **known)

    return _carry_out(task_id, form, tick, _("The checklist is saved."))


def _carry_out(task_id: int, form: StepForm, step: Callable[..., None], done: str) -> Answer:
    """Take one step with a task; when it cannot be done, show the task again with what was typed."""
    shown = get_task_for(db.session(), by=current_person(), task_id=task_id, for_change=True)
    if not form.validate():
        return _show(task_id, 422, sent=form)
    try:
        _try(step, shown, form)
    except ConflictError as conflict:
        return _show(task_id, 409, sent=form, conflict=conflict_sentence(conflict.reason))
    except InvalidInputError as invalid:
        form.show_faults(invalid.errors)
        return _show(task_id, 422, sent=form)
    flash(done)
    return redirect(url_for("backoffice.task", task_id=task_id), 303)


def _try(step: Callable[..., None], task: Task, form: StepForm) -> None:
    """Take the step; when it fails, the task is as it was before."""
    session = db.session()
    known = {"session": session, "task": task, "person": current_person(), "by": current_actor(), "at": utc_now()}
    try:
        with session.begin_nested():
            step(**known, zone=this_app().settings.tz, version=form.version.data)
    except (ConflictError, InvalidInputError):
        session.expire(task)
        raise


def _show(task_id: int, status: int = 200, *, sent: StepForm | None = None, conflict: str | None = None) -> Answer:
    """Render the page of a task for the person who is signed in."""
    session, person = db.session(), current_person()
    shown = get_task_for(session, by=person, task_id=task_id)
    now, zone = utc_now(), this_app().settings.tz
    calendars = load_calendars(session, zone)
    about = describe_task(shown, person, now=now, calendar=calendars[shown.department_id])
    project_dates(shown.request, calendars=calendars, at=now, zone=zone)
    block = block_definition_of(shown.block_version)
    entries = list_history(session, shown.request)
    history = [entry for entry in entries if entry.data.get("task_id") == task_id]
    names = names_of(session, {entry.actor_id for entry in entries if entry.actor_id})
    talk = load_talk(session, shown.request, person, entries=entries, names=names, task=shown)
    return page(
        "backoffice/task.html",
        status,
        task=shown,
        about=about,
        forms=task_forms(shown, sent=sent),
        state_word=task_state_word(shown),
        tone=TONES[shown.state],
        sent=sent,
        conflict=conflict,
        instruction=block.task,
        clocks=clock_lines(shown.request, now=now, zone=zone),
        answers=answer_rows(
            shown.request, codes={question.code for question in block.questions}, files=answer_files(talk.files, number=talk.number)
        )
        if about.may_read_answers
        else [],
        talk=talk,
        promises=shown_promises(list_promises(session, shown.request), with_text=about.may_read_answers),
        may_promise=may_make_promise(person, shown.request, [one.department_id for one in shown.request.tasks]),
        chain=plan_lines(shown.request, link=_task_address, marked=task_id),
        history=history_lines(history, names=names if about.may_read_answers else None),
    )


def _task_address(task: Task) -> str:
    return url_for("backoffice.task", task_id=task.id)


def _queue_page(person: Person, department: Department, departments: Sequence[Department]) -> QueuePage:
    now = utc_now()
    tab = request.args.get("tab", QueueTab.TO_DO)
    teams = list_teams(db.session(), department_id=department.id)
    team = next((one for one in teams if one.code == request.args.get("team")), None)
    wanted = QueueFilter(
        department_id=department.id,
        person_id=person.id,
        tab=QueueTab(tab) if tab in list(QueueTab) else QueueTab.TO_DO,
        now=now,
        day_ends_at=end_of_day(now, zone=this_app().settings.tz),
        team_id=team.id if team else None,
    )
    return QueuePage(
        department=department,
        departments=departments,
        team=team,
        teams=teams,
        tab=wanted.tab,
        counts=count_queue(db.session(), wanted),
        page=page_of_queue(db.session(), wanted, after=request.args.get("after")),
        now=now,
        may_claim=department.id in person.departments_with(*DEPARTMENT_ROLES),
    )
