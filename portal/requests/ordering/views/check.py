"""The last step of an order: the check, with the plan for each of its people, and submitting as it was shown."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from flask import redirect

from portal.core.clock import utc_now
from portal.core.db import db
from portal.people.session import current_actor, current_person
from portal.requests.cost_pages import centre_words, costs_together
from portal.requests.ordering import pages
from portal.requests.ordering.actions.submission import Submission, submit_order
from portal.requests.ordering.booking import centres_per_person, offered_centres
from portal.requests.ordering.content import OrderContent
from portal.requests.ordering.forms import CostCentreForm, DayForm, DeleteForm, LinesForm, SubmitForm
from portal.requests.ordering.models import OrderDraft
from portal.requests.ordering.pages import Stage
from portal.requests.ordering.plan_pages import needed_sentences, plan_rows
from portal.requests.ordering.preview import PlanPreview, load_basis, plan_on
from portal.requests.ordering.several.queries import Share, load_shares
from portal.requests.ordering.several_pages import circle_of
from portal.requests.ordering.similar_pages import similar_requests
from portal.requests.ordering.views.steps import load_places, show_step
from portal.requests.ordering.wish_pages import wish_for
from portal.requests.questions.fields import as_choices
from portal.requests.questions.form import field_name
from portal.web.answers import Answer
from portal.web.application import this_app
from portal.web.htmx import wants_fragment
from portal.web.language import local


def show_check(draft: OrderDraft, content: OrderContent, status: int = 200) -> Answer:
    """Show the answers and the plan, as a page or as the part that changes."""
    if pages.next_step(draft, content) in pages.BEFORE_DETAILS:
        return redirect(pages.next_url(draft, content), 303)
    session, zone, places, at = db.session(), this_app().settings.tz, load_places(), utc_now()
    shares = load_shares(session, draft, content)
    plans = _plans(shares, at)
    plan = plans[0]
    wish = wish_for(session, content, plan, at=at, zone=zone) if plan else None
    return show_step(
        "_check" if wants_fragment("order-check") else "check",
        draft,
        content,
        Stage.CHECK,
        status,
        plan=plan,
        rows=plan_rows(content, plan, wish, zone=zone) if plan else [],
        approvals=_approvals(plans),
        wish=wish,
        change_day_url=pages.step_url(draft, "details", anchor=field_name(wish.question)) if wish else None,
        **_costs(draft, shares, plans),
        people=pages.people_rows(draft, current_person().id),
        circle=circle_of(draft, shares, plans, places=places, at=at, zone=zone),
        choices=pages.choice_rows(draft, content),
        details=pages.detail_rows(draft, content, places),
        known=pages.known_rows(draft, content, places),
        similar=similar_requests(session, draft, shares, reader=current_person(), at=at),
        is_open=pages.next_step(draft, content) != "check",
        lines_form=LinesForm(),
        day_form=DayForm(),
        submit_form=SubmitForm(formdata=None, data={"version": str(draft.version)}),
        delete_form=DeleteForm(),
        is_stale=status == HTTPStatus.CONFLICT,
    )


def submit_as_shown(draft: OrderDraft, shares: Sequence[Share]) -> str:
    """Submit an order for all of its people; gives the number of the first request."""
    person, settings = current_person(), this_app().settings
    by = replace(current_actor(), on_behalf_of_id=draft.requester_id if draft.requester_id != person.id else None)
    submission = Submission(person=person, by=by, at=utc_now(), zone=settings.tz, secret=settings.secret_key)
    return submit_order(session=db.session(), draft=draft, shares=shares, submission=submission)[0].number


def _plans(shares: Sequence[Share], at: datetime) -> list[PlanPreview | None]:
    """Make the plan of each person; None when nothing is left to do."""
    basis = load_basis(db.session(), [share.content for share in shares], zone=this_app().settings.tz)
    return [plan_on(basis, share.content, at=at) if share.content.lines else None for share in shares]


def _approvals(plans: Sequence[PlanPreview | None]) -> list[str]:
    """Say whose approval is needed first, each sentence once."""
    return list(dict.fromkeys(sentence for plan in plans if plan for sentence in needed_sentences(plan)))


def _costs(draft: OrderDraft, shares: Sequence[Share], plans: Sequence[PlanPreview | None]) -> dict[str, object]:
    """Give what the order costs per payer, and which cost centre pays when there is something to pay."""
    session = db.session()
    centres = centres_per_person(session, draft, [share.beneficiary for share in shares])
    bills = [(plan.bill, centre) for plan, centre in zip(plans, centres, strict=True) if plan]
    costs = costs_together(bills)
    if not any(bill.own.first_year for bill, _centre in bills):
        return {"costs": costs, "centre_form": None, "centre_words": []}
    booked = centres[0]
    form = CostCentreForm(formdata=None, data={"cost_centre": str(booked.id) if booked else None})
    offered = offered_centres(session, draft, person=current_person(), booked=booked)
    form.cost_centre.choices = as_choices((str(one.id), f"{one.code}, {local(one.name)}") for one in offered)
    return {"costs": costs, "centre_form": form, "centre_words": list(dict.fromkeys(centre_words(one) for one in centres))}
