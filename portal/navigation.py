"""The main navigation: the places a visitor may enter."""

from dataclasses import dataclass
from typing import Final

from flask import request, url_for

from portal.access import ACCESS
from portal.people.roles import Role
from portal.people.session import find_current_person, roles_of_visitor
from portal.web.guard import may_enter
from portal.web.words import _l


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation; `has_count` when its page tells how much waits there."""

    url: str
    label: str
    is_current: bool
    has_count: bool = False


PLACES: Final = (
    ("catalog.overview", _l("Catalogue")),
    ("requests.overview", _l("My requests")),
    ("backoffice.queue", _l("Tasks")),
    ("approvals.overview", _l("Approvals")),
    ("promises.overview", _l("Promises")),
    ("servicedesk.desk", _l("Service desk")),
    ("manage.overview", _l("Catalogue management")),
    ("texts.overview", _l("Standard texts")),
    ("hours.overview", _l("Opening hours")),
    ("jobs.overview", _l("Operations")),
)
# At the top for who is not signed in; who is, finds requests in other ways.
FOLLOW: Final = ("track.find", _l("Follow a request"))


APPROVALS: Final = "approvals.overview"
APPROVES: Final = frozenset({Role.MANAGER, Role.DEPARTMENT_MANAGER, Role.COORDINATOR, Role.ADMINISTRATOR})

_OWN_PLACE: Final = frozenset(endpoint.partition(".")[0] for endpoint, _ in PLACES)


def navigation() -> dict[str, object]:
    """Give templates the navigation, the foot of the page, the person who is signed in, and whether they keep promises."""
    roles = roles_of_visitor()
    places = PLACES if roles else (*PLACES, FOLLOW)
    return {
        "nav_items": [_item(*place) for place in places if may_enter(ACCESS[place[0]], roles) and _is_of_use(place[0], roles)],
        "watches_promises": may_enter(ACCESS["promises.overview"], roles),
        "footer_items": [_item(*FOLLOW)],
        "signed_in_person": find_current_person(),
    }


def _is_of_use(endpoint: str, roles: frozenset[str] | None) -> bool:
    """Leave out of the menu what most people never need; who is asked for an approval finds it by the mail."""
    return endpoint != APPROVALS or bool(roles and roles & APPROVES)


def _item(endpoint: str, label: str) -> NavItem:
    url = url_for(endpoint)
    here, place = request.blueprint, endpoint.partition(".")[0]
    # What has a place of its own is not also part of the place whose address it stands under.
    is_current = here == place or (bool(here) and here not in _OWN_PLACE and request.path.startswith(f"{url}/"))
    return NavItem(url=url, label=str(label), is_current=is_current, has_count=endpoint == APPROVALS)
