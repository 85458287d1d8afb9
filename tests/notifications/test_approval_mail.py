"""Approving by mail, over a real mail server: one mail with a link that decides nothing by itself and works once."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core.clock import utc_now
from portal.core.db import transaction
from portal.core.journal import Actor
from portal.jobs.runner import queue_scheduled, run_all_due
from portal.people.models import Person, Substitute
from portal.requests.approvals.models import ApprovalLink
from portal.requests.approving import StepState
from portal.requests.models import ApprovalStep
from portal.requests.ordering.actions.submission import Submission, submit_order
from portal.requests.ordering.content import load_content
from portal.requests.ordering.several.models import FurtherBeneficiary
from portal.requests.ordering.several.queries import load_shares
from portal.web.application import Application
from tests.factories import SECRET, ZONE, make_department, make_draft, make_line, make_person, make_product, make_request
from tests.mailbox import Mailbox
from tests.notifications.test_mail import text_of
from tests.requests.approvals.conftest import MANAGER, guarded_block

SetMail = Callable[..., Application]


@pytest.fixture
def asked(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> tuple[Application, Mailbox]:
    """Ask Bram, who reads English and is away, and Daan who stands in, about two lines of a request of Els."""
    box, port = mailbox
    app = set_mail(port)
    now = utc_now()
    with app.app_context(), transaction() as session:
        ict = make_department(session, "ict")
        for code in ("account", "laptop"):
            guarded_block(session, code, MANAGER, 500)
        els, bram, daan = (
            make_person(session, username=name, name=name.title(), department=ict, language=language)
            for name, language in (("els", "nl"), ("bram", "en"), ("daan", "nl"))
        )
        els.manager_id = bram.id
        day = date(2020, 1, 1)
        session.add(Substitute(person_id=bram.id, deputy_id=daan.id, from_on=day, until_on=now.date() + timedelta(days=3)))
        session.flush()
        make_request(session, els, make_product(session, "both", [make_line("account"), make_line("laptop")]), at=now)
    work(app)
    return app, box


def work(app: Application) -> None:
    queue_scheduled(app, at=utc_now(), last={})
    run_all_due(app, at=utc_now())


def link_in(box: Mailbox, who: str) -> str:
    (mail,) = [one for one in box.to(f"{who}@loket.example") if re.search("akkoord is nodig|approval is needed", str(one["Subject"]))]
    part = mail.get_body(("plain",))
    assert part is not None
    found = re.search(r"https?://[^/\s]+(/approvals/link/\S+)", part.get_content())
    assert found
    return found[1]


def states(app: Application) -> list[StepState]:
    with app.app_context(), transaction() as session:
        return list(session.scalars(select(ApprovalStep.state).order_by(ApprovalStep.id)))


def send(client: FlaskClient, page: str, place: int, **data: str) -> tuple[int, str]:
    """Press a button of the form at a place on a page, with all its hidden fields."""
    forms = re.findall(r'<form method="post" action="(/approvals/link/[^"]+)"(.*?)</form>', page, re.DOTALL)
    inside = re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', forms[place][1])
    answer = client.post(forms[place][0], data={**dict(inside), **data}, follow_redirects=True)
    return answer.status_code, answer.text


def test_the_deputy_decides_by_the_link_of_the_mail(asked: tuple[Application, Mailbox]) -> None:
    app, box = asked
    address = link_in(box, "daan")
    assert link_in(box, "bram") != address
    client = app.test_client()
    for _ in range(2):
        page = client.get(address).text
        assert page.count('value="approve"') == 2
    assert "U antwoordt namens Bram" in page
    assert states(app) == [StepState.ASKED, StepState.ASKED], "looking at it decides nothing"
    status, shown = send(client, page, 0, decision="approve", seen="")
    assert (status, "nog een keer, en kies daarna" in shown) == (409, True)
    assert states(app) == [StepState.ASKED, StepState.ASKED], "what was not shown is not decided"
    status, page = send(client, page, 0, decision="approve")
    assert (status, page.count('value="approve"')) == (200, 1)
    status, page = send(client, page, 0, decision="refuse", reason="Te duur")
    assert (status, "Uw antwoord is bewaard" in page) == (410, True)
    assert states(app) == [StepState.APPROVED, StepState.REFUSED]
    assert app.test_client().get(link_in(box, "bram")).text.count("Daan namens Bram") == 2
    work(app)
    bodies = [part.get_content() for one in box.to("els@loket.example") if (part := one.get_body(("plain",)))]
    assert len([one for one in bodies if "Te duur" in one and "“laptop”" in one]) == 1


@pytest.mark.parametrize("is_first_approved", [True, False])
def test_a_refusal_says_that_the_rest_goes_on_only_when_there_is_a_rest(
    asked: tuple[Application, Mailbox], *, is_first_approved: bool
) -> None:
    app, box = asked
    client = app.test_client()
    page = client.get(link_in(box, "daan")).text
    first = {"decision": "approve"} if is_first_approved else {"decision": "refuse", "reason": "Nee"}
    page = send(client, page, 0, **first)[1]
    send(client, page, 0, decision="refuse", reason="Te duur")
    work(app)
    bodies = [part.get_content() for one in box.to("els@loket.example") if (part := one.get_body(("plain",)))]
    told = [one for one in bodies if "Te duur" in one]
    assert ["gaat door" in one for one in told] == [is_first_approved]


def test_a_link_that_is_old_or_unknown_says_so(asked: tuple[Application, Mailbox]) -> None:
    app, box = asked
    address = link_in(box, "bram")
    unknown = app.test_client().get(f"{address}x")
    assert (unknown.status_code, "Wij kennen deze link niet" in unknown.text) == (404, True)
    with app.app_context(), transaction() as session:
        person = session.scalars(select(Person).where(Person.username == "bram")).one()
        link = session.scalars(select(ApprovalLink).where(ApprovalLink.person_id == person.id)).one()
        assert address.rsplit("/", 1)[1] not in {link.seed, link.token_hash}
        link.expires_at = utc_now() - timedelta(minutes=1)
    old = app.test_client().get(address)
    assert (old.status_code, "Deze link is te oud" in old.text) == (410, True)
    assert states(app) == [StepState.ASKED, StepState.ASKED]


def test_who_is_asked_about_several_people_at_once_gets_one_mail(set_mail: SetMail, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    app, now = set_mail(port, secret_key=SECRET), utc_now()
    with app.app_context(), transaction() as session:
        ict = make_department(session, "ict")
        guarded_block(session, "account", MANAGER, 500)
        els, bram, daan = (make_person(session, username=name, name=name.title(), department=ict) for name in ("els", "bram", "daan"))
        els.manager_id = bram.id
        session.add(Substitute(person_id=bram.id, deputy_id=daan.id, from_on=date(2020, 1, 1), until_on=now.date() + timedelta(days=3)))
        version = make_product(session, "both", [make_line("account")])
        draft = make_draft(session, els, version, beneficiary_id=None, beneficiary_name="Fleur Nieuw")
        for person in (daan, None):
            name = person.name if person else "Sem Stage"
            session.add(FurtherBeneficiary(draft_id=draft.id, beneficiary_id=person and person.id, beneficiary_name=name, answers={}))
        session.flush()
        submission = Submission(person=els, by=Actor(person_id=els.id), at=now, zone=ZONE, secret=SECRET)
        submit_order(session=session, draft=draft, shares=load_shares(session, draft, load_content(session, draft)), submission=submission)
    work(app)
    names = ["Fleur Nieuw", "Daan", "Sem Stage"]
    for who, expected in (("bram", names), ("daan", [names[0], names[2]])):
        (mail,) = [one for one in box.to(f"{who}@loket.example") if "akkoord is nodig" in str(one["Subject"])]
        for kind in ("plain", "html"):
            words = text_of(mail, kind)
            assert [name for name in names if f"voor {name}" in words] == expected
            addresses = re.findall(r"/approvals/link/[\w.-]+", words)
            assert len(set(addresses)) == len(expected)
    for address in addresses:
        client = app.test_client()
        status, _ = send(client, client.get(address).text, 0, decision="approve")
        assert status in {200, 410}
    assert states(app) == [StepState.APPROVED, StepState.ASKED, StepState.APPROVED]


@pytest.mark.parametrize("how", ["the time of the deputy is over", "somebody else is asked"])
def test_a_link_tells_nothing_to_who_has_no_part_in_it_any_more(asked: tuple[Application, Mailbox], how: str) -> None:
    app, box = asked
    who = "daan" if how.startswith("the time") else "bram"
    address, client = link_in(box, who), app.test_client()
    page = client.get(address).text
    assert page.count('value="approve"') == 2
    with app.app_context(), transaction() as session:
        if who == "daan":
            session.scalars(select(Substitute)).one().until_on = utc_now().date() - timedelta(days=3)
        else:
            other = make_person(session, username="rik")
            for step in session.scalars(select(ApprovalStep)):
                step.approver_id = other.id
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert (answer.status_code, "You do not have to decide about this any more" in answer.text) == (410, True)
    assert not [one for one in ("Els", "laptop", "account") if one in answer.text]
    status, text = send(client, page, 0, decision="approve")
    assert (status, "Els" in text) == (410, False)
    assert states(app) == [StepState.ASKED, StepState.ASKED]
