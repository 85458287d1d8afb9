"""Forms for the parts of a product and of the library: a line of a bundle, a question, and the parts of a choice tree."""

from collections.abc import Mapping, Sequence
from typing import Final

from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from portal.catalog.codec import question_as_data
from portal.catalog.definition import (
    Dependency,
    Line,
    Need,
    Outcome,
    Privacy,
    ProductDefinition,
    Question,
    QuestionKind,
    TreeOption,
    TreeQuestion,
)
from portal.catalog.labels import ANCHORS, NEEDS, NORM_UNITS, PRIVACY, QUESTION_KINDS
from portal.composing.condition_form import ConditionForm, fields_of_condition
from portal.composing.editor_forms import Data, WritingForm, flat_text, ticks
from portal.composing.forms import choices_of
from portal.composing.subjects import Subject
from portal.core.errors import InvalidInputError
from portal.planning.norm import Norm, NormUnit
from portal.planning.plan import DependencyKind
from portal.web.words import _l

MOST_LINE: Final = 200
_LINE: Final = [Length(max=MOST_LINE, message=_l("Use at most 200 characters."))]
BUNDLE: Final = "bundle"
ARTICLE: Final = "article"
GO_TO: Final = "go_to"
_CODE: Final = _l("Small letters, digits and hyphens. It cannot be changed later.")


class LineForm(ConditionForm):
    """A building block in a bundle, and after which others it comes."""

    texts_needed = ("reason",)

    block = SelectField(_l("Building block"), choices=[])
    need = RadioField(
        _l("Is it always needed?"),
        choices=choices_of(
            [
                (Need.REQUIRED.value, _l("Yes, it is required")),
                (Need.OPTIONAL.value, _l("No, people may choose")),
            ]
        ),
    )
    chosen = BooleanField(_l("On by default"), description=_l("Only counts for what people may choose."))
    reason_nl = StringField(_l("Reason in Dutch"), _LINE)
    reason_en = StringField(_l("Reason in English"), _LINE)
    starts_anchor = RadioField(
        _l("When does it begin at the earliest?"),
        choices=choices_of([("", _l("as soon as it can")), *((one.value, words) for one, words in ANCHORS.items())]),
    )
    starts_length_amount = IntegerField(_l("How long after or before that?"), [Optional()])
    starts_length_unit = RadioField(_l("Counted in"), choices=choices_of((unit.value, NORM_UNITS[unit]) for unit in NormUnit))
    needs = ticks(_l("Needs the result of"))
    later = ticks(_l("Only comes later than"))

    def data_of_line(self, before: Line | None) -> Data:
        """Give the line as it was written."""
        return {
            "block": self.block.data,
            "need": self.need.data,
            "chosen": bool(self.chosen.data),
            "reason": self.text("reason"),
            "when": self.condition(before.when if before else None),
            "starts": self._starts(),
        }

    def _starts(self) -> Data | None:
        if not self.starts_anchor.data:
            return None
        length = {"amount": self.starts_length_amount.data, "unit": self.starts_length_unit.data}
        return {"anchor": self.starts_anchor.data, "length": length}

    def dependencies_of_line(self, waiting: Mapping[tuple[str, str], Norm | None]) -> Sequence[Dependency]:
        """Give after which other blocks this one comes; the `waiting` times that there were, by (block, after), stay."""
        block, chosen = self.block.data, [(DependencyKind.NEEDS, self.needs.data or []), (DependencyKind.ORDER, self.later.data or [])]
        return [
            Dependency(block=block, after=after, kind=kind, offset=waiting.get((block, after))) for kind, found in chosen for after in found
        ]


def fields_of_line(product: ProductDefinition, line: Line, subjects: Sequence[Subject]) -> Data:
    """Give what stands in the fields for a line."""
    own = [one for one in product.dependencies if one.block == line.block]
    return {
        "block": line.block,
        "need": line.need.value,
        "chosen": line.chosen,
        **flat_text("reason", line.reason.as_data()),
        **fields_of_condition(line.when, subjects),
        "starts_anchor": line.starts.anchor.value if line.starts else "",
        "starts_length_amount": line.starts.length.amount if line.starts else None,
        "starts_length_unit": (line.starts.length.unit if line.starts else NormUnit.WORKING_DAYS).value,
        "needs": [one.after for one in own if one.kind is DependencyKind.NEEDS],
        "later": [one.after for one in own if one.kind is DependencyKind.ORDER],
    }


class QuestionForm(ConditionForm):
    """A question of the library; `code` is there only when it is new."""

    texts_needed = ("label",)

    code = StringField(_l("Code"), _LINE, description=_CODE)
    kind = SelectField(_l("Kind of answer"), choices=choices_of((one.value, QUESTION_KINDS[one]) for one in QuestionKind))
    label_nl = StringField(_l("Question in Dutch"), _LINE)
    label_en = StringField(_l("Question in English"), _LINE)
    help_nl = StringField(_l("Help in Dutch"))
    help_en = StringField(_l("Help in English"))
    why_nl = StringField(_l("Why we ask it, in Dutch"))
    why_en = StringField(_l("Why we ask it, in English"))
    need = RadioField(_l("Must it be answered?"), choices=choices_of((one.value, NEEDS[one]) for one in Need))
    privacy = RadioField(_l("How private is the answer?"), choices=choices_of((one.value, PRIVACY[one]) for one in Privacy))
    options = TextAreaField(
        _l("Answers to choose from"),
        description=_l("One on each line, such as: window | Bij het raam | By the window. Only for one or more choices."),
    )
    at_least = IntegerField(_l("At least"), [Optional()])
    at_most = IntegerField(_l("At most"), [Optional()])
    not_in_past = BooleanField(_l("Not in the past"))
    per_person = BooleanField(
        _l("Differs per person"), description=_l("Who asks for several people at once answers this for each of them, and all else once.")
    )

    def data_of_question(self, before: Question | None) -> Data:
        """Give the question as it was written."""
        return {
            "code": before.code if before else (self.code.data or "").strip(),
            "kind": self.kind.data,
            "label": self.text("label"),
            "help": self.maybe_text("help"),
            "why": self.maybe_text("why"),
            "need": self.need.data,
            "privacy": self.privacy.data,
            "options": [_option(line) for line in (self.options.data or "").split("\n") if line.strip()],
            "at_least": self.at_least.data,
            "at_most": self.at_most.data,
            "not_in_past": bool(self.not_in_past.data),
            "per_person": bool(self.per_person.data),
            "known": before.known if before else None,
            "when": self.condition(before.when if before else None),
        }


def fields_of_question(question: Question, subjects: Sequence[Subject]) -> Data:
    """Give what stands in the fields for a question."""
    data = question_as_data(question)
    texts = {name: text for one in ("label", "help", "why") for name, text in flat_text(one, data.get(one)).items()}
    options = "\n".join(f"{one.code} | {one.label.nl} | {one.label.en}" for one in question.options)
    same = {name: data.get(name) for name in ("kind", "need", "privacy", "at_least", "at_most", "not_in_past", "per_person")}
    return {**texts, **same, "options": options, **fields_of_condition(question.when, subjects)}


def _option(line: str) -> Data:
    code, _bar, labels = line.partition("|")
    dutch, _bar, english = labels.partition("|")
    return {"code": code.strip(), "label": {"nl": dutch.strip(), "en": english.strip()}}


class TreeQuestionForm(WritingForm):
    """A question of a choice tree."""

    texts_needed = ("label",)

    code = StringField(_l("Code"), _LINE, description=_CODE)
    label_nl = StringField(_l("Question in Dutch"), _LINE)
    label_en = StringField(_l("Question in English"), _LINE)
    help_nl = StringField(_l("Help in Dutch"))
    help_en = StringField(_l("Help in English"))


class AnswerForm(TreeQuestionForm):
    """An answer in a choice tree, and where it leads."""

    label_nl = StringField(_l("Answer in Dutch"), _LINE)
    label_en = StringField(_l("Answer in English"), _LINE)
    leads_to = SelectField(_l("Where does it lead?"), choices=[])


class OutcomeForm(WritingForm):
    """An outcome of a choice tree: a bundle (its building blocks stand on the page of the lines), an article or another product."""

    texts_needed = ("name", "reason")

    code = StringField(_l("Code"), _LINE, description=_CODE)
    name_nl = StringField(_l("Name in Dutch"), _LINE)
    name_en = StringField(_l("Name in English"), _LINE)
    reason_nl = StringField(_l("Reason in Dutch"))
    reason_en = StringField(_l("Reason in English"))
    ends_in = RadioField(
        _l("What do people get here?"),
        description=_l("With an article or another product, the building blocks of this outcome are taken out."),
        choices=choices_of(
            [
                (BUNDLE, _l("building blocks that they ask for")),
                (ARTICLE, _l("an article to read, nothing is asked for")),
                (GO_TO, _l("another product, they go there")),
            ]
        ),
    )
    article_nl = TextAreaField(_l("Article in Dutch"), [Length(max=4000, message=_l("Use at most 4,000 characters."))])
    article_en = TextAreaField(_l("Article in English"), [Length(max=4000, message=_l("Use at most 4,000 characters."))])
    go_to = SelectField(_l("Which product?"), choices=[])

    def data_of_outcome(self, code: str) -> Data:
        """Give the outcome as it was written, without its lines; only what belongs to where it ends counts.

        :raises InvalidInputError: no product was chosen to go to.
        """
        ends_in, article = self.ends_in.data, self.text("article")
        if ends_in == GO_TO and not self.go_to.data:
            raise InvalidInputError({"go_to": "required"})
        if ends_in not in {BUNDLE, ARTICLE, GO_TO}:
            raise InvalidInputError({"ends_in": "required"})
        return {
            "code": code,
            "name": self.text("name"),
            "reason": self.text("reason"),
            "article": article if ends_in == ARTICLE else None,
            "go_to": self.go_to.data if ends_in == GO_TO else None,
        }


def fields_of_branch(part: TreeQuestion | TreeOption | Outcome) -> Data:
    """Give what stands in the fields for a part of a choice tree."""
    if isinstance(part, Outcome):
        texts = {**flat_text("name", part.name.as_data()), **flat_text("reason", part.reason.as_data())}
        texts |= flat_text("article", part.article.as_data() if part.article else None)
        ends_in = GO_TO if part.go_to else ARTICLE if part.article else BUNDLE
        return {**texts, "code": part.code, "ends_in": ends_in, "go_to": part.go_to or ""}
    texts = {**flat_text("label", part.label.as_data()), **flat_text("help", part.help.as_data() if part.help else None)}
    leads_to = f"question {part.next}" if isinstance(part, TreeOption) and part.next else ""
    if isinstance(part, TreeOption) and part.outcome:
        leads_to = f"outcome {part.outcome}"
    return {**texts, "code": part.code, "leads_to": leads_to}
