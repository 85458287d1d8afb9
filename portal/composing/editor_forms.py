"""Forms in which parts of the catalogue are written. They give plain data; reading it as a catalogue finds what is wrong."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from wtforms import IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.catalog.codec import block_as_data, product_as_data
from portal.catalog.definition import BlockDefinition, Level, ProductDefinition, ProductKind, Theme, Tier
from portal.catalog.labels import AUDIENCES, ICON_NAMES, KINDS, LEVELS, NORM_UNITS, THEMES, TIERS
from portal.composing.forms import EditionForm, choices_of
from portal.composing.labels import fault_words
from portal.people.audience import CITIZEN
from portal.planning.norm import NormUnit
from portal.web.words import _l

Data = dict[str, Any]

MOST_LINE: Final = 200
MOST_TEXT: Final = 4000
_LINE: Final = [Length(max=MOST_LINE, message=_l("Use at most 200 characters."))]
_TEXT: Final = [Length(max=MOST_TEXT, message=_l("Use at most 4,000 characters."))]
_REASON: Final = [Length(max=400, message=_l("Use at most 400 characters."))]
_PER_LINE: Final = _l("One on each line. Write as many lines in both languages.")


class WritingForm(EditionForm):
    """A form that writes a part of the catalogue; `texts_needed` must be there in both languages."""

    texts_needed: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  as WTForms has it
        super().__init__(*args, **options)
        for field in self:
            if hasattr(field, "validate_choice"):
                field.validate_choice = False  # the reading of the catalogue says what is wrong, in plain words

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401  as WTForms has it
        """Check the fields, and tell at once of every text that is missing."""
        is_valid = bool(super().validate(extra_validators))
        names = [f"{name}_{language}" for name in self.texts_needed for language in ("nl", "en")]
        empty = [name for name in names if not (self[name].data or "").strip()]
        self.add_errors(dict.fromkeys(empty, fault_words("required")))
        return is_valid and not empty

    def validate_new(self) -> bool:
        """Check something new, which needs a code too; what is missing is told in one go."""
        is_valid, has_code = self.validate(), bool((self["code"].data or "").strip())
        if not has_code:
            self.add_errors({"code": fault_words("required")})
        return is_valid and has_code

    def show_faults(self, faults: Mapping[str, str]) -> list[str]:
        """Show faults beside their fields, found by their path: `norm.amount` is `norm_amount`; give those without a field."""
        left = []
        for path, code in faults.items():
            name = self._field_at(path)
            if name is None:
                left.append(fault_words(code))
            else:
                self.add_errors({name: fault_words(code)})
        return left

    def _field_at(self, path: str) -> str | None:
        parts = path.partition("[")[0].split(".")
        names = ["_".join(parts[:count]) for count in range(len(parts), 0, -1)]
        return next((one for name in names for one in (name, f"{name}_nl", f"{name}_amount") if one in self), None)

    def text(self, name: str) -> Data:
        """Give a text in both languages as it was typed."""
        return {language: (self[f"{name}_{language}"].data or "").strip() for language in ("nl", "en")}

    def maybe_text(self, name: str) -> Data | None:
        """Give a text that may be left out."""
        text = self.text(name)
        return text if any(text.values()) else None

    def texts(self, name: str) -> list[Data]:
        """Give a list of texts, one on each line; what one language lacks is empty."""
        lines = {language: (self[f"{name}_{language}"].data or "").split("\n") for language in ("nl", "en")}
        filled = {language: [line.strip() for line in found if line.strip()] for language, found in lines.items()}
        count = max(len(found) for found in filled.values())
        return [{language: found[index] if index < len(found) else "" for language, found in filled.items()} for index in range(count)]


def flat_text(name: str, text: Mapping[str, str] | None) -> Data:
    """Give what stands in the two fields of a text."""
    return {f"{name}_{language}": (text or {}).get(language, "") for language in ("nl", "en")}


def flat_texts(name: str, texts: Sequence[Mapping[str, str]]) -> Data:
    """Give what stands in the two fields of a list of texts."""
    return {f"{name}_{language}": "\n".join(text[language] for text in texts) for language in ("nl", "en")}


def ticks(label: Any, **more: Any) -> SelectMultipleField:  # noqa: ANN401  as WTForms has it
    """Make a list of boxes to tick."""
    return SelectMultipleField(label, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), choices=[], **more)


class BlockForm(WritingForm):
    """A building block; `code` is there only when it is new."""

    texts_needed = ("name", "description", "task")

    code = StringField(_l("Code"), _LINE, description=_l("Small letters, digits and hyphens. It cannot be changed later."))
    name_nl = StringField(_l("Name in Dutch"), _LINE)
    name_en = StringField(_l("Name in English"), _LINE)
    description_nl = TextAreaField(_l("What you get, in Dutch"), _TEXT)
    description_en = TextAreaField(_l("What you get, in English"), _TEXT)
    department = SelectField(_l("Department that does it"), choices=[])
    team = SelectField(_l("Team"), choices=[])
    norm_amount = IntegerField(_l("Norm"), [Optional()])
    norm_unit = RadioField(_l("The norm is counted in"), choices=choices_of((unit.value, NORM_UNITS[unit]) for unit in NormUnit))
    task_nl = TextAreaField(_l("Task for the department, in Dutch"), _TEXT)
    task_en = TextAreaField(_l("Task for the department, in English"), _TEXT)
    checklist_nl = TextAreaField(_l("Checklist in Dutch"), _TEXT, description=_PER_LINE)
    checklist_en = TextAreaField(_l("Checklist in English"), _TEXT, description=_PER_LINE)
    questions = ticks(_l("Questions it needs an answer to"))

    def data_of_block(self, before: BlockDefinition | None) -> Data:
        """Give the building block as it was written; questions it had keep their order."""
        had = [question.code for question in before.questions] if before else []
        asked = list(self.questions.data or [])
        kept = block_as_data(before) if before else {}
        return {
            **kept,
            "code": before.code if before else (self.code.data or "").strip(),
            "name": self.text("name"),
            "description": self.text("description"),
            "department": self.department.data,
            "team": self.team.data or None,
            "norm": {"amount": self.norm_amount.data, "unit": self.norm_unit.data},
            "task": self.text("task"),
            "checklist": self.texts("checklist"),
            "questions": [code for code in had if code in asked] + [code for code in asked if code not in had],
        }


def fields_of_block(block: BlockDefinition) -> Data:
    """Give what stands in the fields for a building block."""
    data = block_as_data(block)
    return {
        **flat_text("name", data["name"]),
        **flat_text("description", data["description"]),
        **flat_text("task", data["task"]),
        **flat_texts("checklist", data["checklist"]),
        "department": block.department,
        "team": block.team or "",
        "norm_amount": block.norm.amount,
        "norm_unit": block.norm.unit.value,
        "questions": [question.code for question in block.questions],
    }


class CellForm(WritingForm):
    """Why a cell of the matrix is empty on purpose."""

    texts_needed = ("reason",)

    reason_nl = TextAreaField(_l("Reason in Dutch"), _REASON)
    reason_en = TextAreaField(_l("Reason in English"), _REASON)


AUDIENCE_FIELDS: Final = ("audience", "audience_departments", "audience_functions", "audience_locations")


class ProductForm(WritingForm):
    """The texts of a product, its place in the catalogue and who may ask for it; `code` is there only when it is new."""

    texts_needed = ("name", "summary", "description")

    code = StringField(_l("Code"), _LINE, description=_l("Small letters, digits and hyphens. It cannot be changed later."))
    name_nl = StringField(_l("Name in Dutch"), _LINE)
    name_en = StringField(_l("Name in English"), _LINE)
    summary_nl = StringField(_l("In one sentence, in Dutch"), _LINE)
    summary_en = StringField(_l("In one sentence, in English"), _LINE)
    description_nl = TextAreaField(_l("What you get, in Dutch"), _TEXT)
    description_en = TextAreaField(_l("What you get, in English"), _TEXT)
    conditions_nl = TextAreaField(_l("Conditions in Dutch"), _TEXT, description=_PER_LINE)
    conditions_en = TextAreaField(_l("Conditions in English"), _TEXT, description=_PER_LINE)
    kind = RadioField(_l("Kind"), choices=choices_of((one.value, KINDS[one]) for one in ProductKind))
    tier = RadioField(_l("Service level"), choices=choices_of((one.value, TIERS[one]) for one in Tier))
    level = RadioField(_l("Level"), choices=choices_of((one.value, LEVELS[one]) for one in Level))
    theme = SelectField(_l("Theme"), choices=choices_of((one.value, THEMES[one]) for one in Theme))
    owner = SelectField(_l("Owner"), choices=[])
    icon = SelectField(_l("Icon"), choices=choices_of(ICON_NAMES.items()))
    audience = ticks(_l("Who may ask for it"))
    audience_departments = ticks(_l("And people of these departments"))
    audience_functions = ticks(_l("And people with these functions"))
    audience_locations = ticks(_l("And people who work at these locations"))
    wished_date = SelectField(_l("Question for the wished date"), choices=[])

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  as WTForms has it
        super().__init__(*args, **options)
        everybody = (CITIZEN, _l("everybody, also without an account"))
        self.audience.choices = choices_of([*((role.value, words) for role, words in AUDIENCES.items()), everybody])

    def data_of_product(self, before: ProductDefinition | None) -> Data:
        """Give the product as it was written; its lines, its choice tree and its agreements stay."""
        written = {name: self[name].data for name in ("kind", "tier", "level", "theme", "owner", "icon")}
        texts = {name: self.text(name) for name in ("name", "summary", "description")}
        lists = {
            "conditions": self.texts("conditions"),
            "audience": sorted({token for name in AUDIENCE_FIELDS for token in self[name].data or []}),
        }
        kept = product_as_data(before) if before else {"code": (self.code.data or "").strip()}
        return {**kept, **written, **texts, **lists, "wished_date": self.wished_date.data or None}


def fields_of_product(product: ProductDefinition) -> Data:
    """Give what stands in the fields for a product."""
    data = product_as_data(product)
    same = ("kind", "tier", "level", "theme", "owner", "icon")
    audience = dict.fromkeys(AUDIENCE_FIELDS, data["audience"])
    texts = {name: text for one in ("name", "summary", "description") for name, text in flat_text(one, data[one]).items()}
    conditions = flat_texts("conditions", data["conditions"])
    return {**texts, **conditions, **audience, **{name: data[name] for name in same}, "wished_date": product.wished_date or ""}


class CopyForm(WritingForm):
    """What a copy of a product is called."""

    texts_needed = ("name",)

    code = StringField(_l("Code"), _LINE, description=_l("Small letters, digits and hyphens. It cannot be changed later."))
    name_nl = StringField(_l("Name in Dutch"), _LINE)
    name_en = StringField(_l("Name in English"), _LINE)
