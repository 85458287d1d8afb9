"""Somebody who is away lets a colleague stand in."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.clock import utc_now
from portal.people.models import Substitute
from tests.factories import ZONE, make_person, sign_in


@pytest.mark.parametrize(
    ("deputy", "days", "says"),
    [
        ("daan", (0, 3), ""),
        ("Daan Vervangt", (0, 0), ""),
        ("nobody", (0, 3), "niet één collega"),
        ("bram", (0, 3), "niet uzelf"),
        ("daan", (3, 1), "Kies de eerste dag of een latere dag."),
        ("daan", (-5, -3), "voorbij"),
    ],
)
def test_a_deputy_with_dates(client: FlaskClient, session: Session, deputy: str, days: tuple[int, int], says: str) -> None:
    bram, daan = make_person(session, username="bram"), make_person(session, username="daan", name="Daan Vervangt")
    session.commit()
    assert client.get("/account/deputy").status_code == 303, "not signed in"
    sign_in(client, bram)
    first, last = ((utc_now().astimezone(ZONE) + timedelta(days=one)).date() for one in days)
    sent = client.post("/account/deputy", data={"deputy": deputy, "from_on": first.isoformat(), "until_on": last.isoformat()})
    kept = session.scalars(select(Substitute)).all()
    assert sent.status_code == (422 if says else 303), sent.text
    assert [one.deputy_id for one in kept] == ([] if says else [daan.id])
    assert says in sent.text
    if not says:
        assert "Daan Vervangt" in client.get("/account/deputy").text
        sign_in(client, daan)
        assert client.post(f"/account/deputy/{kept[0].id}/removal").status_code == 303
        assert session.scalars(select(Substitute)).all(), "somebody else's stays"
        sign_in(client, bram)
        client.post(f"/account/deputy/{kept[0].id}/removal")
        assert not session.scalars(select(Substitute)).all()


def test_days_that_are_empty_or_do_not_exist_say_what_to_do(client: FlaskClient, session: Session) -> None:
    bram = make_person(session, username="bram")
    session.commit()
    sign_in(client, bram)
    sent = client.post("/account/deputy", data={"deputy": "nobody", "from_on": "", "until_on": "31-02-2027"})
    assert sent.status_code == 422
    assert "Kies de eerste dag." in sent.text
    assert "niet één collega" in sent.text, "all that is wrong is told at once"
    assert "Deze dag bestaat niet. Schrijf de datum zoals 03-12-2026." in sent.text
    assert 'value="31-02-2027"' in sent.text, "what was typed is not lost"
