"""The floor: the smallest page that Flask and SQLAlchemy can make of a request, to compare our pages with in the same run.

Three SELECTs that each use an index, objects of the ORM, and a template of 10 kB. No sign-in, no languages, no headers.
"""

from typing import Final

from flask import Flask
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from portal.core.db import prepare_engine
from portal.core.journal import JournalEntry
from portal.requests.models import Request, Task

_FILLER: Final = "".join(f"<p>Regel {number} van een pagina die verder nergens over gaat.</p>\n" for number in range(140))
_TEMPLATE: Final = (
    """<!doctype html><title>{{ number }}</title><h1>{{ number }}</h1>
{% for task in tasks %}<p>{{ task.position }} {{ task.name.nl }} {{ task.state }} {{ task.latest_at }}</p>{% endfor %}
{% for entry in entries %}<p>{{ entry.type }} {{ entry.at }}</p>{% endfor %}
"""
    + _FILLER
)


def make_floor(database_url: str) -> Flask:
    """Make the application on a loaded database."""
    app = Flask("floor", static_folder=None)
    engine = create_engine(database_url, pool_size=20)
    prepare_engine(engine)
    template = app.jinja_env.from_string(_TEMPLATE)

    @app.get("/<tracking_hash>")
    def page(tracking_hash: str) -> str:
        with Session(engine) as session:
            request = session.scalars(select(Request).where(Request.tracking_hash == tracking_hash)).one()
            tasks = session.scalars(select(Task).where(Task.request_id == request.id).order_by(Task.position)).all()
            entries = session.scalars(
                select(JournalEntry).where(JournalEntry.stream == request.stream).order_by(JournalEntry.sequence)
            ).all()
            return template.render(number=request.number, tasks=tasks, entries=entries)

    return app
