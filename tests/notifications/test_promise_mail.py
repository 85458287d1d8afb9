"""Mail about promises, over a real mail server: to the requester, and to who keeps it, by the job that runs every minute."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal.core.db import transaction
from portal.core.journal import Actor
from portal.jobs.runner import queue_scheduled, run_all_due
from portal.people.queries import get_person
from portal.people.roles import Role
from portal.requests.promises.actions import PromiseWish, keep_promise, make_promise, move_promise, remind_keepers
from portal.requests.promises.models import Promise
from portal.requests.promises.queries import get_promise_for
from portal.requests.promises.workflow import AROUND, Channel, PromiseState
from portal.requests.queries import get_request_for_change
from portal.web.application import Application
from tests.factories import NOW, ZONE, make_chain, make_person, make_request
from tests.mailbox import Mailbox

DUE = NOW + timedelta(hours=6)
SetMail = Callable[..., Application]


@pytest.fixture
def promised(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> tuple[Application, Mailbox, int]:
    """Promise Noor, whose request is for Daniel, a call at 16:00 by Yara, who reads English."""
    box, port = mailbox
    app = set_mail(port)
    with app.app_context(), transaction() as session:
        noor, daniel = make_person(session, username="noor"), make_person(session, username="daniel")
        version = make_chain(session)
        made = make_request(session, noor, version, beneficiary_id=daniel.id, beneficiary_name="Daniel")
        yara = make_person(session, Role.SERVICE_DESK, department=made.owner, username="yara", language="en")
        request = get_request_for_change(session, made.id)
        wish = PromiseWish(what="De uitkomst", channel=Channel.PHONE, due_at=DUE, department_id=made.owner_id, keeper=yara)
        person = get_person(session, yara.id)
        promise = make_promise(session=session, request=request, wish=wish, person=person, by=Actor(), at=NOW, zone=ZONE)
        promise_id = promise.id
    work(app, NOW)
    return app, box, promise_id


def work(app: Application, at: datetime) -> None:
    """Let the worker do all that is due at a moment."""
    queue_scheduled(app, at=at, last={})
    run_all_due(app, at=at)


def subjects(box: Mailbox, who: str) -> list[str]:
    return [str(mail["Subject"]) for mail in box.to(f"{who}@loket.example")]


def state(app: Application, promise_id: int) -> PromiseState:
    with app.app_context(), transaction() as session:
        return session.get_one(Promise, promise_id).state


def test_from_the_promise_to_the_apology(promised: tuple[Application, Mailbox, int]) -> None:
    app, box, promise_id = promised
    (mail,) = [mail for mail in box.to("noor@") if "belofte" in str(mail["Subject"])]
    part = mail.get_body(("plain",))
    assert part is not None
    assert "Wij bellen u op maandag 23 november 2026 om 16.00 uur." in part.get_content()
    assert not [one for one in subjects(box, "daniel") if "belofte" in one]
    for minutes in (-16, -15, -10, -1):
        work(app, DUE + timedelta(minutes=minutes))
    assert [one for one in subjects(box, "yara") if one.startswith("At 16:00: promised about")] == subjects(box, "yara")
    assert len(subjects(box, "yara")) == 1
    work(app, DUE + AROUND - timedelta(minutes=1))
    assert state(app, promise_id) is PromiseState.OPEN
    work(app, DUE + AROUND)
    work(app, DUE + AROUND + timedelta(minutes=1))
    assert state(app, promise_id) is PromiseState.BROKEN
    assert len([one for one in subjects(box, "noor") if one.startswith("Wij kwamen onze belofte")]) == 1


@pytest.mark.parametrize("how", ["keep", "move"])
def test_what_was_kept_or_moved_before_the_mail_leaves_is_not_reminded_of(promised: tuple[Application, Mailbox, int], how: str) -> None:
    app, box, promise_id = promised
    at = DUE - timedelta(minutes=14)
    with app.app_context(), transaction() as session:
        assert remind_keepers(session=session, at=at) == 1
        yara = get_person(session, session.get_one(Promise, promise_id).made_by_id)
        promise = get_promise_for(session, by=yara, promise_id=promise_id, for_change=True)
        common = {"session": session, "promise": promise, "person": yara, "by": Actor(person_id=yara.id), "at": at, "zone": ZONE}
        if how == "keep":
            keep_promise(**common, outcome="Gebeld.")  # type: ignore[arg-type]
        else:
            move_promise(**common, due_at=DUE + timedelta(days=1), reason="Later.")  # type: ignore[arg-type]
    run_all_due(app, at=at)
    assert not subjects(box, "yara")


def test_a_worker_that_was_down_reminds_late_but_not_afterwards(promised: tuple[Application, Mailbox, int]) -> None:
    app, box, promise_id = promised
    work(app, DUE + timedelta(minutes=1))
    assert not subjects(box, "yara")
    assert state(app, promise_id) is PromiseState.OPEN
