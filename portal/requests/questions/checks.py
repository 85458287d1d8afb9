"""What makes an answer wrong, each with a sentence that says what to do."""

import re
import unicodedata
from datetime import date, timedelta
from typing import Any, Final

from wtforms.validators import ValidationError

from portal.core.money import read_cents
from portal.web.filters import day, money
from portal.web.words import _, ngettext

MOST_DIGITS: Final = 9
FARTHEST: Final = timedelta(days=3660)
EARLIEST: Final = date(1900, 1, 1)
_KEPT_CONTROLS: Final = "\n\t"
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PHONE: Final = re.compile(r"\+?[\d\s().\-/]{6,30}")


def tidy(text: str | None) -> str | None:
    """Take spaces off the ends and leave out signs that cannot be seen; filter of text fields."""
    if text is None:
        return None
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in _KEPT_CONTROLS or unicodedata.category(sign) not in {"Cc", "Cs"}).strip()


class AtMost:
    """A text has a most number of signs."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: Any, field: Any) -> None:  # noqa: ANN401  WTForms' signature
        """Refuse a longer text.

        :raises ValidationError: it is longer.
        """
        del form
        length = len(field.data or "")
        if length > self.most:
            raise ValidationError(_("This text is too long: %(length)d characters. Shorten it to %(most)d.", length=length, most=self.most))


class IsWholeNumber:
    """A whole number within limits."""

    def __init__(self, *, at_least: int | None, at_most: int | None) -> None:
        self.at_least, self.at_most = at_least, at_most

    @staticmethod
    def read(text: str) -> int | None:
        """Read a whole number as people write it, or None."""
        digits = text.replace(" ", "").replace(".", "") if re.fullmatch(r"\d{1,3}([. ]\d{3})+", text) else text
        return int(digits) if re.fullmatch(rf"-?[0-9]{{1,{MOST_DIGITS}}}", digits) else None

    def __call__(self, form: Any, field: Any) -> None:  # noqa: ANN401  WTForms' signature
        """Refuse what is no whole number, or one outside the limits.

        :raises ValidationError: it is not.
        """
        del form
        if not field.data:
            return
        number = self.read(field.data)
        if number is None:
            raise ValidationError(_("Fill in a whole number, such as 12."))
        if self.at_least is not None and number < self.at_least:
            raise ValidationError(_("Fill in %(limit)d or more.", limit=self.at_least))
        if self.at_most is not None and number > self.at_most:
            raise ValidationError(_("Fill in %(limit)d or less.", limit=self.at_most))


class IsAmount:
    """An amount of money within limits, in euro cents."""

    def __init__(self, *, at_least: int | None, at_most: int | None) -> None:
        self.at_least, self.at_most = at_least, at_most

    def __call__(self, form: Any, field: Any) -> None:  # noqa: ANN401  WTForms' signature
        """Refuse what is no amount, or one outside the limits.

        :raises ValidationError: it is not.
        """
        del form
        if not field.data:
            return
        cents = read_cents(field.data)
        if cents is None:
            raise ValidationError(_("Fill in an amount in euros, such as 12,50."))
        if self.at_least is not None and cents < self.at_least:
            raise ValidationError(_("Fill in %(limit)s or more.", limit=money(self.at_least)))
        if self.at_most is not None and cents > self.at_most:
            raise ValidationError(_("Fill in %(limit)s or less.", limit=money(self.at_most)))


class IsPossibleDay:
    """A day that can be meant: not long ago, not very far away, and where asked not in the past."""

    def __init__(self, today: date, *, not_in_past: bool) -> None:
        self.today, self.not_in_past = today, not_in_past

    def __call__(self, form: Any, field: Any) -> None:  # noqa: ANN401  WTForms' signature
        """Refuse a day that cannot be meant.

        :raises ValidationError: it cannot.
        """
        del form
        if field.data is None:
            return
        if self.not_in_past and field.data < self.today:
            raise ValidationError(_("This day has passed. Choose today (%(today)s) or a later day.", today=day(self.today)))
        if field.data < EARLIEST or field.data > self.today + FARTHEST:
            raise ValidationError(_("Check the year: this day is very far away."))


class IsEmail:
    """An e-mail address, judged mildly: a letter that comes back tells the rest."""

    def __call__(self, form: Any, field: Any) -> None:  # noqa: ANN401  WTForms' signature
        """Refuse what cannot be an address.

        :raises ValidationError: it cannot.
        """
        del form
        if field.data and not _EMAIL.fullmatch(field.data):
            raise ValidationError(_("This is not an e-mail address. Write it like name@example.nl."))


class IsPhone:
    """A telephone number, judged mildly."""

    def __call__(self, form: Any, field: Any) -> None:  # noqa: ANN401  WTForms' signature
        """Refuse what cannot be a number.

        :raises ValidationError: it cannot.
        """
        del form
        if field.data and not _PHONE.fullmatch(field.data):
            raise ValidationError(_("This is not a telephone number. Use only digits, such as 06 12345678."))


class IsKnownOption:
    """Only options that were offered."""

    def __call__(self, form: Any, field: Any) -> None:  # noqa: ANN401  WTForms' signature
        """Refuse anything else.

        :raises ValidationError: it was not offered.
        """
        del form
        offered = {str(choice.value) for choice in field.choices}
        given = field.data if isinstance(field.data, list) else [field.data]
        unknown = [one for one in given if one and one not in offered]
        if unknown:
            raise ValidationError(
                ngettext("This choice is no longer there. Choose again.", "Some choices are no longer there. Choose again.", len(unknown))
            )
