"""Forms for what is agreed about a product or a building block: moments, terms, waiting times and who approves."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from wtforms import IntegerField, RadioField, SelectField, StringField
from wtforms.validators import Length, Optional, ValidationError
from wtforms.widgets import TimeInput

from portal.catalog.agreement import ApprovalMode, ApprovalRule, ApproverKind
from portal.catalog.codec import block_as_data, product_as_data
from portal.catalog.definition import BlockDefinition, ProductDefinition
from portal.catalog.labels import APPROVAL_MODES, APPROVERS, NO_RETURN_MOMENTS, NORM_UNITS
from portal.catalog.writer import as_data
from portal.composing.condition_form import ConditionForm, fields_of_condition
from portal.composing.editor_forms import Data, WritingForm, ticks
from portal.composing.forms import choices_of
from portal.composing.subjects import Subject
from portal.core.money import read_cents, write_euros
from portal.people.labels import ROLES
from portal.planning.norm import Norm, NormUnit
from portal.web.words import _, _l

UNITS: Final = choices_of((unit.value, NORM_UNITS[unit]) for unit in NormUnit)
_LINE: Final = [Length(max=300, message=_l("Use at most 300 characters."))]
_EMPTY_LENGTH: Final = _l("Leave it empty when there is none.")


def length_data(form: WritingForm, name: str) -> Data | None:
    """Give a length as it was typed in its two fields; None when there is none."""
    amount = form[f"{name}_amount"].data
    return None if amount is None else {"amount": amount, "unit": form[f"{name}_unit"].data}


def fields_of_length(name: str, length: Norm | None) -> Data:
    """Give what stands in the two fields of a length."""
    unit = length.unit if length else NormUnit.WORKING_DAYS
    return {f"{name}_amount": length.amount if length else None, f"{name}_unit": unit.value}


class BlockAgreementsForm(WritingForm):
    """Until when a building block can be asked for and changed."""

    cut_off = StringField(
        _l("Latest time of a day"),
        widget=TimeInput(),
        description=_l("What comes in after this time begins the next working day. Leave it empty when there is none."),
    )
    notice_amount = IntegerField(
        _l("Ask for it this long before the wished date"), [Optional()], description=_l("At the latest. Leave it empty when there is none.")
    )
    notice_unit = RadioField(_l("Counted in"), choices=UNITS)
    no_return_moment = RadioField(
        _l("From when on can it no longer be changed or cancelled?"),
        choices=choices_of(
            [("", _l("as usual: when the department has started")), *((one.value, words) for one, words in NO_RETURN_MOMENTS.items())]
        ),
    )
    no_return_length_amount = IntegerField(
        _l("How long before the wished date?"), [Optional()], description=_l("Only for a moment before the wished date.")
    )
    no_return_length_unit = RadioField(_l("Counted in"), choices=UNITS)

    def data_of_block(self, before: BlockDefinition) -> Data:
        """Give the building block with what was filled in."""
        moment, length = self.no_return_moment.data, length_data(self, "no_return_length")
        return {
            **block_as_data(before),
            "cut_off": (self.cut_off.data or "").strip() or None,
            "notice": length_data(self, "notice"),
            "no_return": {"moment": moment, "length": length} if moment else None,
        }


def fields_of_block_agreements(block: BlockDefinition) -> Data:
    """Give what stands in the fields for a building block."""
    point = block.no_return
    return {
        "cut_off": block.cut_off.isoformat("minutes") if block.cut_off else "",
        **fields_of_length("notice", block.notice),
        "no_return_moment": point.moment.value if point else "",
        **fields_of_length("no_return_length", point.length if point else None),
    }


class ProductAgreementsForm(WritingForm):
    """The terms of a product, the products beside it, and its uniform product name."""

    response_amount = IntegerField(_l("First answer by a person within"), [Optional()], description=_EMPTY_LENGTH)
    response_unit = RadioField(_l("Counted in"), choices=UNITS)
    legal_days = IntegerField(
        _l("Legal term in days"), [Optional()], description=_l("Calendar days, by law or rule. Leave it empty when there is none.")
    )
    extensions = IntegerField(_l("How many times may it be extended?"), [Optional()])
    reopen_days = IntegerField(_l("How many days after the end may people reopen it?"), [Optional()])
    upn = StringField(
        _l("Uniform product name"),
        _LINE,
        description=_l("Type the name as it stands in the Uniforme Productnamenlijst, or a part of it. Only for products of government."),
    )
    upn_choice = RadioField(_l("Which name do you mean?"), choices=[], validate_choice=False)
    related = ticks(_l("Related products"))

    def offer_names(self, names: Sequence[str]) -> None:
        """Offer the uniform product names that look like what was typed, unless that is one of them."""
        typed = (self.upn.data or "").strip().casefold()
        self.is_known = typed in {name.casefold() for name in names}
        self.upn_choice.choices = choices_of((name, name) for name in ([] if self.is_known else names))
        if self.is_known or self.upn_choice.data not in names:
            self.upn_choice.data = None

    def chosen_name(self) -> str:
        """Give the uniform product name that was chosen, else what was typed."""
        return self.upn_choice.data or (self.upn.data or "").strip()

    def data_of_product(self, before: ProductDefinition, upn: str | None) -> Data:
        """Give the product with what was filled in; `upn` is the URI that was found for what was typed."""
        return {
            **product_as_data(before),
            "response": length_data(self, "response"),
            "legal_days": self.legal_days.data,
            "extensions": self.extensions.data,
            "reopen_days": self.reopen_days.data,
            "related": list(self.related.data or []),
            "upn": upn,
        }


def fields_of_product_agreements(product: ProductDefinition, upn_name: str) -> Data:
    """Give what stands in the fields for a product; `upn_name` is the name behind its URI."""
    same: Data = {name: getattr(product, name) for name in ("legal_days", "extensions", "reopen_days")}
    return {**fields_of_length("response", product.response), **same, "related": list(product.related), "upn": upn_name}


class ApproverForm(WritingForm):
    """Somebody who approves."""

    kind = RadioField(_l("Who approves?"), choices=choices_of((one.value, words) for one, words in APPROVERS.items()))
    role = SelectField(_l("Which role?"), description=_l("Only for somebody with a role."))
    question = SelectField(_l("The answer to which question?"), description=_l("Only for the person of an answer."))

    def offer(self, people: Mapping[str, str]) -> None:
        """Offer the roles, and the questions that are answered with a person (`people`, names by code)."""
        self.role.choices = choices_of([("", _("Choose a role")), *((role.value, words) for role, words in ROLES.items())])
        nothing = _("Choose a question") if people else _("No question asks for a colleague")
        self.question.choices = choices_of([("", nothing), *people.items()])

    def data_of_approver(self) -> Data:
        """Give the approver as it was filled in; what does not belong to its kind is passed over."""
        kind = self.kind.data
        return {
            "kind": kind,
            "role": (self.role.data or None) if kind == ApproverKind.ROLE else None,
            "question": (self.question.data or None) if kind == ApproverKind.FROM_ANSWER else None,
        }


class ApprovalForm(ConditionForm):
    """When approval is needed, and whose is enough."""

    mode = RadioField(_l("Whose approval is enough?"), choices=choices_of((one.value, APPROVAL_MODES[one]) for one in ApprovalMode))
    above_cents = StringField(
        _l("Only when it costs more than"), description=_l("An amount in euros. Leave it empty when the price does not matter.")
    )

    def validate_above_cents(self, field: Any) -> None:  # noqa: ANN401  a WTForms field
        """Refuse what is no amount.

        :raises ValidationError: it cannot be read as euros and cents.
        """
        if (field.data or "").strip() and read_cents(field.data) is None:
            raise ValidationError(_("Write an amount, for example 12,50."))

    def data_of_rule(self, before: ApprovalRule) -> Data:
        """Give the rule as it was filled in; its approvers stay."""
        return {
            "approvers": [as_data(one) for one in before.approvers],
            "mode": self.mode.data,
            "above_cents": read_cents(self.above_cents.data) if (self.above_cents.data or "").strip() else None,
            "when": self.condition(before.when),
        }


def fields_of_approval(rule: ApprovalRule, subjects: Sequence[Subject]) -> Data:
    """Give what stands in the fields for a rule."""
    above = "" if rule.above_cents is None else write_euros(rule.above_cents)
    return {"mode": rule.mode.value, "above_cents": above, **fields_of_condition(rule.when, subjects)}


def waiting_form(product: ProductDefinition, names: Mapping[str, str]) -> type[WritingForm]:
    """Make the form with a length for each dependency of a product: `after_0_amount`, `after_0_unit`, …; `names` are blocks by code."""
    fields: Data = {}
    for at, one in enumerate(product.dependencies):
        between = {"block": names.get(one.block, one.block), "after": names.get(one.after, one.after)}
        label = _("“%(block)s” begins this long after “%(after)s” is done", **between)
        fields[f"after_{at}_amount"] = IntegerField(label, [Optional()])
        fields[f"after_{at}_unit"] = RadioField(_l("Counted in"), choices=UNITS)
    return type("WaitingForm", (WritingForm,), fields)


def fields_of_waiting(product: ProductDefinition) -> Data:
    """Give what stands in the fields of the waiting times."""
    return {
        name: value for at, one in enumerate(product.dependencies) for name, value in fields_of_length(f"after_{at}", one.offset).items()
    }
