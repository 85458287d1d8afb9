"""What approvals mean for the time that a product takes, and how that is said."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from portal.catalog.agreement import ApprovalRule
from portal.catalog.approval_times import ApprovalTime, Lately, time_of, wait_days
from portal.catalog.definition import ProductDefinition
from portal.catalog.labels import minutes_words
from portal.catalog.lead_time import Waits
from portal.planning.queries import Calendars, load_pause_ladders
from portal.planning.worktime import CalendarError
from portal.web.words import _

Rules = Mapping[str, ApprovalRule]


class Approvals:
    """The approvals of products, in the hours of the departments (ids) that own them; what they take lately is read once, when needed."""

    def __init__(self, session: Session, *, rules: Rules, calendars: Calendars) -> None:
        """Take the rules of the building blocks, by code."""
        self._session, self._rules, self._calendars = session, rules, calendars
        self._lately: Mapping[int, Lately] | None = None

    def waits(self, definition: ProductDefinition, *, owner_id: int) -> Waits:
        """Give per block after how many days its approvals are given: of those that are sure, and of all that may be needed."""
        times = self._times(definition, owner_id)
        of_all = [times[""]] if "" in times else []
        day = self._day_minutes(owner_id)
        own = {code: [*of_all, *([times[code]] if code in times else [])] for code in definition.block_codes()}
        return {code: wait_days(found, day_minutes=day) for code, found in own.items() if found}

    def sentence(self, definition: ProductDefinition, *, owner_id: int) -> str | None:
        """Say how long approval takes; None when nobody has to approve."""
        times = self._times(definition, owner_id).values()
        if not times:
            return None
        day = self._day_minutes(owner_id)
        words = {
            "expected": minutes_words(max(one.expected_minutes for one in times), day),
            "latest": minutes_words(max(one.latest_minutes for one in times), day),
        }
        if any(one.is_sure for one in times):
            return _("This has to be approved first. That usually takes %(expected)s, at most %(latest)s.", **words)
        return _("Sometimes this has to be approved first. That usually takes %(expected)s, at most %(latest)s.", **words)

    def _times(self, definition: ProductDefinition, owner_id: int) -> Mapping[str, ApprovalTime]:
        """Give how long the approval of each block takes, and that of the product under an empty code."""
        rules = {code: self._rules[code] for code in definition.block_codes() if code in self._rules}
        if definition.approval is not None:
            rules[""] = definition.approval
        day = self._day_minutes(owner_id)
        lately = self._lately_of(owner_id) if rules and day else {}
        return {code: time_of(rule, day_minutes=day, lately=lately) for code, rule in rules.items() if day}

    def _lately_of(self, owner_id: int) -> Lately:
        if self._lately is None:
            self._lately = load_pause_ladders(self._session, list(self._calendars))
        return self._lately.get(owner_id, {})

    def _day_minutes(self, owner_id: int) -> int:
        """Give the minutes of a day of a department; 0 when it is never open."""
        try:
            return self._calendars[owner_id].day_minutes
        except (CalendarError, KeyError):
            return 0
