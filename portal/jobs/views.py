"""The page on which an administrator sees whether the portal does its work, and helps where it does not."""

from typing import Final

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.clock import utc_now
from portal.core.db import db
from portal.core.queue import retry_job
from portal.jobs.labels import JOB_KINDS, JOB_STATES
from portal.jobs.queries import read_operations
from portal.notifications.labels import DELIVERY_STATES
from portal.web.answers import Answer, page
from portal.web.application import this_app
from portal.web.forms import BaseForm

blueprint: Final = Blueprint("jobs", __name__)


@blueprint.get("/operations")
def overview() -> Answer:
    """Show the jobs, the mail and the database."""
    operations = read_operations(db.session())
    return page(
        "jobs/overview.html",
        operations=operations,
        forms={job.id: BaseForm() for job in operations.quarantined},
        mail_server=this_app().settings.mail_host,
        job_states=JOB_STATES,
        job_kinds=JOB_KINDS,
        delivery_states=DELIVERY_STATES,
    )


@blueprint.post("/operations/jobs/<int:job_id>/retry")
def retry(job_id: int) -> Response:
    """Try a job again that was set apart."""
    retry_job(db.session(), job_id, at=utc_now())
    flash(_("The job is tried again."))
    return redirect(url_for("jobs.overview"), 303)
