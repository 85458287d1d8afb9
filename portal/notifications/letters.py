"""Writing a mail: subject, plain text and HTML, in the reader's language, with links from the settings only."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Final

from flask import url_for
from flask_babel import force_locale

from portal.notifications.labels import subject_of
from portal.notifications.queries import AskedApproval, Letter, ReviewLetter
from portal.people.models import Person
from portal.requests.approvals.actions import token_of as token_of_approval
from portal.requests.approvals.models import ApprovalLink
from portal.requests.feedback.actions import token_of
from portal.requests.feedback.labels import SCORES
from portal.requests.history_labels import history_sentence
from portal.requests.models import Request
from portal.requests.ordering.actions.submission import find_tracking_code
from portal.requests.policy import is_customer
from portal.requests.why_pages import why_sentence
from portal.web.application import Application
from portal.web.language import local
from portal.web.words import _

SENDER_NAME: Final = "Loket"


def write_letter(app: Application, letter: Letter | ReviewLetter) -> EmailMessage:
    """Write the mail of a delivery."""
    delivery, settings = letter.delivery, app.settings
    message = EmailMessage()
    # A request of our own makes addresses from the base URL in the settings, never from what a browser sent.
    with app.test_request_context("/", base_url=settings.base_url), force_locale(delivery.language):
        context = _context_of(letter, secret=settings.secret_key)
        message["Subject"] = _one_line(context["subject"])
        message.set_content(_render(app, f"emails/{delivery.mail}.txt", context))
        message.add_alternative(_render(app, f"emails/{delivery.mail}.html", context), subtype="html")
    message["From"] = Address(SENDER_NAME, addr_spec=settings.mail_from)
    message["To"] = Address(_one_line(delivery.person.name), addr_spec=delivery.address)
    message["Date"] = format_datetime(delivery.created_at)
    message["Message-ID"] = delivery.message_id
    message["Auto-Submitted"] = "auto-generated"
    return message


def _context_of(letter: Letter | ReviewLetter, *, secret: str) -> dict[str, Any]:
    if isinstance(letter, ReviewLetter):
        return _review_context(letter)
    if letter.approvals:
        return _approval_context(letter, secret=secret)
    return _context(letter, secret=secret)


def _approval_context(letter: Letter, *, secret: str) -> dict[str, Any]:
    """Give what a mail to who has to approve shows: of each request what, for whom, what it costs, when, and the link."""
    delivery, request = letter.delivery, letter.request
    product = local(request.product_version.name)
    return {
        "language": delivery.language,
        "reader": delivery.person,
        "subject": subject_of(delivery.mail, number=_numbers(request, len(letter.approvals)), product=product, data=delivery.entry.data),
        "product": product,
        "request": request,
        "asked": [(one.request, _approval_lines(one, delivery.person), _approval_url(one.link, secret=secret)) for one in letter.approvals],
        "expires_at": min(one.link.expires_at for one in letter.approvals),
    }


def _approval_lines(asked: AskedApproval, reader: Person) -> list[tuple[str, int | None, str]]:
    """List what is to be approved: its name, its cents, and on behalf of whom unless that is the reader."""
    return [
        (local(one.approval.name), one.approval.amount_cents, "" if one.approver in {None, reader} else one.approver.name)
        for one in asked.steps
    ]


def _approval_url(link: ApprovalLink, *, secret: str) -> str:
    return url_for("approvals.by_link", token=token_of_approval(link=link, secret=secret), _external=True)


def _context(letter: Letter, *, secret: str) -> dict[str, Any]:
    """Give what the templates show; in `event` moments become days that the filters can write."""
    delivery, request = letter.delivery, letter.request
    product = local(request.product_version.name)
    # Who works on it finds the request in the portal; the code is the customer's to give away.
    code = find_tracking_code(request=request, secret=secret) if is_customer(delivery.person, request) else None
    return {
        "language": delivery.language,
        "reader": delivery.person,
        "number": request.number,
        "product": product,
        "subject": subject_of(delivery.mail, number=_numbers(request, len(letter.together)), product=product, data=delivery.entry.data),
        "beneficiary": _other_name(letter, request),
        "together": [
            (one, find_tracking_code(request=one, secret=secret), url_for("requests.detail", number=one.number, _external=True))
            for one in letter.together
        ],
        "event": {name: _as_moment(name, value) for name, value in delivery.entry.data.items()},
        "sentence": history_sentence(delivery.entry),
        "why": why_sentence(letter.chain),
        "message": letter.message,
        "is_over": request.closed_at is not None,
        "faces": _faces(letter, secret=secret),
        "code": code,
        "request_url": url_for("requests.detail", number=request.number, _external=True),
        "track_url": url_for("track.detail", code=code, _external=True) if code else None,
    }


def _faces(letter: Letter, *, secret: str) -> list[tuple[str, str]]:
    """List the answers to how it went, each with the address that shows it; none when the reader cannot rate it."""
    if letter.rating_link is None:
        return []
    token = token_of(link=letter.rating_link, secret=secret)
    return [(str(word), url_for("rating.detail", token=token, score=score.value, _external=True)) for score, word in SCORES.items()]


def _review_context(letter: ReviewLetter) -> dict[str, Any]:
    """Give what a mail to a reviewer shows."""
    delivery, version = letter.delivery, letter.version
    name = local(version.name)
    return {
        "language": delivery.language,
        "reader": delivery.person,
        "subject": subject_of(delivery.mail, number=str(version.number), product=name, data=delivery.entry.data),
        "name": name,
        "number": version.number,
        "sender": letter.sender,
        "version_url": url_for("manage.detail", kind=letter.kind.value, code=version.code, _external=True),
    }


def _numbers(request: Request, together: int) -> str:
    """Give the number of a request, and how many more the mail is about: of `together` requests it is the first."""
    return _("%(number)s and %(more)d more", number=request.number, more=together - 1) if together > 1 else request.number


def _other_name(letter: Letter, request: Request) -> str:
    """Name the person it is for, unless that is the reader."""
    return "" if request.beneficiary_id == letter.delivery.person_id else request.beneficiary_name


def _as_moment(name: str, value: Any) -> Any:  # noqa: ANN401  a value of JSON
    """Read the fields that hold a moment in ISO form."""
    return datetime.fromisoformat(value) if name.endswith("_at") else value


def _one_line(text: str) -> str:
    """Take line ends out of what goes in a header."""
    return " ".join(text.split())


def _render(app: Application, name: str, context: dict[str, Any]) -> str:
    return app.jinja_env.get_template(name).render(context)
