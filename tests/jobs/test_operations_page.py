"""The operations page, as an administrator reads it."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.core.queue import Job, JobState, enqueue
from portal.core.revision import newest_revision
from portal.people.roles import Role
from tests.factories import make_person, sign_in

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def administrator(session: Session, client: FlaskClient) -> FlaskClient:
    """Give a browser in which the administrator is signed in, in English."""
    sign_in(client, make_person(session, Role.ADMINISTRATOR, language="en"))
    return client


def set_apart(session: Session) -> Job:
    job = enqueue(session, kind="send_mail", payload={"delivery": 1}, at=NOW)
    job.state, job.attempts, job.last_error = JobState.QUARANTINED, 5, "SMTPRecipientsRefused: <nobody> 550"
    session.flush()
    return job


def test_it_says_how_jobs_mail_and_database_stand(administrator: FlaskClient, session: Session) -> None:
    enqueue(session, kind="clean_up", payload={}, at=NOW)
    session.flush()
    words = administrator.get("/operations").text
    assert "Nothing to look at" in words
    assert "No mail server is set" in words
    assert newest_revision() in words


def test_a_job_that_was_set_apart_is_shown_and_can_be_tried_again(administrator: FlaskClient, session: Session) -> None:
    job = set_apart(session)
    words = administrator.get("/operations").text
    assert "SMTPRecipientsRefused: &lt;nobody&gt; 550" in words
    assert f"/operations/jobs/{job.id}/retry" in words
    answer = administrator.post(f"/operations/jobs/{job.id}/retry", follow_redirects=True)
    assert "The job is tried again." in answer.text
    session.expire_all()
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)


def test_a_job_that_is_no_longer_set_apart_is_a_conflict_and_an_unknown_one_is_not_found(
    administrator: FlaskClient, session: Session
) -> None:
    job = set_apart(session)
    job.state = JobState.DONE
    session.flush()
    assert administrator.post(f"/operations/jobs/{job.id}/retry").status_code == 409
    assert administrator.post("/operations/jobs/999999/retry").status_code == 404


def test_it_costs_the_same_number_of_statements_for_one_job_and_for_twenty(
    administrator: FlaskClient, session: Session, statements: list[str]
) -> None:
    set_apart(session)
    administrator.get("/operations")
    for_one = len(statements)
    for _ in range(19):
        set_apart(session)
    statements.clear()
    administrator.get("/operations")
    assert len([one for one in statements if one.startswith("SELECT")]) <= for_one


def test_others_may_not_see_it(session: Session, client: FlaskClient) -> None:
    job = set_apart(session)
    assert client.get("/operations").status_code == 303
    sign_in(client, make_person(session, Role.BACK_OFFICE))
    assert client.get("/operations").status_code == 403
    assert client.post(f"/operations/jobs/{job.id}/retry").status_code == 403
