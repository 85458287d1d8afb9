"""Dates stay true while nothing happens."""

from datetime import timedelta

from sqlalchemy.orm import Session

from portal.requests.actions.overdue import remake_overdue
from portal.requests.queries import get_request_for, list_history
from tests.factories import NOW, ZONE, make_chain, make_person, make_request


def test_a_task_that_takes_too_long_moves_the_date_once_and_says_why(session: Session) -> None:
    person = make_person(session)
    request = make_request(session, person, make_chain(session))
    first = request.expected_at
    tuesday_afternoon = NOW + timedelta(days=1, hours=6)
    assert remake_overdue(session=session, at=tuesday_afternoon, zone=ZONE) == 1
    assert remake_overdue(session=session, at=tuesday_afternoon, zone=ZONE) == 0
    session.flush()
    session.expire_all()
    request = get_request_for(session, by=person, number=request.number)
    # It was to take 9 hours and took 15; of those that take so long half is done after
    # 20 hours and 20 minutes (1.4 times as long), so from Thursday 10:00 to Friday 12:20.
    assert request.expected_at == first + timedelta(days=1, hours=2, minutes=20)
    shift = list_history(session, request)[-1]
    assert (shift.type, shift.data["cause"], shift.data["name"]["nl"]) == ("dates_changed", "task_overdue", "record")


def test_what_is_on_time_is_left_alone(session: Session) -> None:
    make_request(session, make_person(session), make_chain(session))
    assert remake_overdue(session=session, at=NOW + timedelta(hours=3), zone=ZONE) == 0
