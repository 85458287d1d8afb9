"""What is wrong with how a catalogue hangs together: loose ends, what nobody uses, what can never be."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from portal.catalog.bundle import all_questions
from portal.catalog.catalogue import Catalogue, ItemKind
from portal.catalog.checks import find_product_faults, placed_lines
from portal.catalog.codec import product_as_data
from portal.catalog.definition import Answers, BlockDefinition, ProductDefinition, Question
from portal.catalog.inspection.agreements import agreement_findings, block_findings
from portal.catalog.inspection.costs import price_findings
from portal.catalog.inspection.finding import Finding, FindingCode, Subject
from portal.catalog.inspection.organisation import Organisation
from portal.catalog.inspection.people import people_findings
from portal.catalog.inspection.places import named_place
from portal.catalog.inspection.possible import can_hold, paths_by_outcome, questions_for

_REFUSALS: Final[Mapping[str, FindingCode]] = {
    "cycle": FindingCode.CYCLE,
    "unreachable": FindingCode.UNREACHABLE,
    "next_or_outcome": FindingCode.NO_OUTCOME,
    "unknown_outcome": FindingCode.NO_OUTCOME,
    "unknown_block": FindingCode.UNKNOWN_BLOCK,
    "article_or_bundle": FindingCode.ARTICLE_AND_BLOCKS,
    "no_person_question": FindingCode.NO_PERSON_QUESTION,
    "no_wished_date": FindingCode.NO_WISHED_DATE,
    "file_condition": FindingCode.FILE_CONDITION,
}


def structure_findings(catalogue: Catalogue, organisation: Organisation) -> Iterator[Finding]:
    """Find what is wrong with the structure of a whole catalogue."""
    for product in catalogue.products.values():
        yield from _product_findings(product, catalogue)
        if product.upn is not None and product.upn not in organisation.upn_uris:
            subject, details = Subject(ItemKind.PRODUCT, product.code), {"code": product.upn}
            yield Finding(code=FindingCode.UNKNOWN_UPN, subject=subject, place="upn", details=details)
        yield from agreement_findings(product, catalogue)
    for block in catalogue.blocks.values():
        yield from _department_findings(block, organisation)
        yield from block_findings(block)
        yield from price_findings(block, organisation.today)
        yield from _outdated(block, catalogue.questions)
    yield from people_findings(catalogue, organisation)
    yield from _unused(catalogue)
    yield from _never_asked(catalogue)


def _product_findings(product: ProductDefinition, catalogue: Catalogue) -> Iterator[Finding]:
    subject, data = Subject(ItemKind.PRODUCT, product.code), product_as_data(product)
    faults = find_product_faults(product, catalogue.blocks)
    for path, reason in faults.items():
        yield Finding(code=_code_of(path, reason), subject=subject, place=named_place(data, path), details={"reason": reason})
    for index, outcome in enumerate(product.tree.outcomes if product.tree else ()):
        if outcome.go_to is not None and outcome.go_to not in catalogue.products:
            place = named_place(data, f"tree.outcomes[{index}].go_to")
            yield Finding(code=FindingCode.GONE_PRODUCT, subject=subject, place=place, details={"code": outcome.go_to})
    if not faults:
        for path in _impossible_lines(product, catalogue.blocks):
            yield Finding(code=FindingCode.NEVER_HOLDS, subject=subject, place=named_place(data, path))


def _code_of(path: str, reason: str) -> FindingCode:
    if path.startswith("tree.questions[") and reason in {"required", "unknown_question"}:
        return FindingCode.NO_OUTCOME
    return _REFUSALS.get(reason.partition(":")[0], FindingCode.REFUSED)


def _impossible_lines(product: ProductDefinition, blocks: Mapping[str, BlockDefinition]) -> Iterator[str]:
    """Give the places of conditions of lines that hold on no way to their outcome."""
    paths = paths_by_outcome(product)
    for path, line in placed_lines(product):
        if line.when is None:
            continue
        ways = [code for code in paths if not path.startswith("tree.") or path.startswith(f"tree.outcomes[{_number_of(product, code)}]")]
        if ways and not any(can_hold(line.when, paths[code], _asked(product, code, blocks)) for code in ways):
            yield f"{path}.when"


def _number_of(product: ProductDefinition, code: str | None) -> int:
    codes = [outcome.code for outcome in product.tree.outcomes] if product.tree else []
    return codes.index(code) if code in codes else -1


def _asked(product: ProductDefinition, code: str | None, blocks: Mapping[str, BlockDefinition]) -> Mapping[str, Question]:
    outcome = product.tree.outcome(code) if product.tree and code is not None else None
    return questions_for(product, outcome, blocks)


def _never_asked(catalogue: Catalogue) -> Iterator[Finding]:
    """Find questions with a condition that holds in none of the products that ask them."""
    forms = [
        (paths, _asked(product, code, catalogue.blocks))
        for product in catalogue.products.values()
        if not find_product_faults(product, catalogue.blocks)
        for code, paths in paths_by_outcome(product).items()
    ]
    for question in all_questions(list(catalogue.blocks.values())):
        asked_in = [form for form in forms if question.code in form[1]]
        if question.when is not None and asked_in and not _is_asked(question, asked_in):
            yield Finding(code=FindingCode.NEVER_HOLDS, subject=Subject(ItemKind.QUESTION, question.code), place="when")


def _is_asked(question: Question, forms: Sequence[tuple[Sequence[Answers], Mapping[str, Question]]]) -> bool:
    return any(question.when is None or can_hold(question.when, paths, questions) for paths, questions in forms)


def _department_findings(block: BlockDefinition, organisation: Organisation) -> Iterator[Finding]:
    subject, details = Subject(ItemKind.BLOCK, block.code), {"code": block.department}
    if block.department not in organisation.departments:
        yield Finding(code=FindingCode.WITHOUT_DEPARTMENT, subject=subject, place="department", details=details)
    elif block.department not in organisation.with_hours:
        yield Finding(code=FindingCode.WITHOUT_CALENDAR, subject=subject, place="department", details=details)
    if block.team is not None and (block.department, block.team) not in organisation.teams:
        yield Finding(code=FindingCode.UNKNOWN_TEAM, subject=subject, place="team", details={"code": block.team})


def _outdated(block: BlockDefinition, library: Mapping[str, Question]) -> Iterator[Finding]:
    for question in block.questions:
        if question.code in library and library[question.code] != question:
            place, details = f"questions[{question.code}]", {"code": question.code}
            yield Finding(code=FindingCode.OUTDATED_QUESTION, subject=Subject(ItemKind.BLOCK, block.code), place=place, details=details)


def _unused(catalogue: Catalogue) -> Iterator[Finding]:
    asked = {question.code for question in all_questions(list(catalogue.blocks.values()))}
    used = {code for product in catalogue.products.values() for code in product.block_codes()}
    for code in catalogue.questions:
        if code not in asked:
            yield Finding(code=FindingCode.UNUSED_QUESTION, subject=Subject(ItemKind.QUESTION, code), place="")
    for code in catalogue.blocks:
        if code not in used:
            yield Finding(code=FindingCode.UNUSED_BLOCK, subject=Subject(ItemKind.BLOCK, code), place="")
