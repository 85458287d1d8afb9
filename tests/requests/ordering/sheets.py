"""The page on which an order gets more people: what stands on it, filling it in, and what is kept."""

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.requests.models import Request
from portal.requests.ordering.several.models import FurtherBeneficiary
from tests.requests.ordering.conftest import Browser


def others(session: Session) -> Sequence[FurtherBeneficiary]:
    session.expire_all()
    return session.scalars(select(FurtherBeneficiary).order_by(FurtherBeneficiary.id)).all()


def requests(session: Session) -> Sequence[Request]:
    session.expire_all()
    return session.scalars(select(Request).order_by(Request.id)).all()


def fields(page: Browser) -> dict[str, str]:
    """Give what stands in the fields of the people on the page."""
    assert page.page is not None
    inputs = [dict(re.findall(r'([\w-]+)="([^"]*)"', one)) for one in re.findall(r"<input[^>]*>", page.page.text)]
    boxes = {
        one["name"]: one.get("value", "")
        for one in inputs
        if one.get("name", "").startswith("person-") and one["type"] not in {"radio", "hidden"}
    }
    chosen = re.findall(r'<input(?=[^>]* checked)[^>]*name="(person-[\w-]+)"[^>]*value="([^"]*)"', page.page.text)
    return {name.replace("-", "__"): value for name, value in [*boxes.items(), *chosen]}


def text_of(page: Browser) -> str:
    assert page.page is not None
    return page.page.text


def add(page: Browser, *names: str, **more: str) -> None:
    page.send("/others", **{**fields(page), "names": "\n".join(names), "add": "1", **more})
