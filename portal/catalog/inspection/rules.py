"""The check of a whole catalogue, as it is published or as it stands in files."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from portal.catalog.catalogue import Catalogue, ItemKind
from portal.catalog.inspection.finding import Finding, FindingCode, FindingLevel, Subject
from portal.catalog.inspection.organisation import Organisation
from portal.catalog.inspection.structure import structure_findings
from portal.catalog.inspection.texts import text_findings
from portal.core.yaml_files import Problem

_MISSING: Final = frozenset({"required", "not_a_text"})
_BLOCK_FIELDS: Final = {"department": FindingCode.WITHOUT_DEPARTMENT, "norm": FindingCode.WITHOUT_NORM}
_KINDS: Final = {"blocks": ItemKind.BLOCK, "products": ItemKind.PRODUCT}
_ORDER: Final = {kind: place for place, kind in enumerate((ItemKind.PRODUCT, ItemKind.BLOCK, ItemKind.QUESTION))}


def inspect_catalogue(catalogue: Catalogue, organisation: Organisation) -> Sequence[Finding]:
    """Find all that is wrong: products first, then building blocks, then questions, faults before advice."""
    return in_order([*structure_findings(catalogue, organisation), *text_findings(catalogue)])


def in_order(findings: Iterable[Finding]) -> Sequence[Finding]:
    """Put findings in the order in which people read them."""
    return sorted(findings, key=_rank)


def findings_of_problems(problems: Iterable[Problem]) -> Iterator[Finding]:
    """Turn the mistakes of reading files into findings: what is missing there cannot be read at all."""
    for problem in problems:
        kind = next((kind for folder, kind in _KINDS.items() if f"/{folder}/" in problem.path), ItemKind.QUESTION)
        place = f"{problem.path}:{problem.line} {problem.field}".rstrip()
        yield Finding(code=_code_of(problem), subject=Subject(kind, ""), place=place, details={"reason": problem.code, "code": "?"})


def _code_of(problem: Problem) -> FindingCode:
    field = re.sub(r"^\[\d+\]\.", "", problem.field)
    if problem.code in _MISSING and field.partition(".")[0] in _BLOCK_FIELDS:
        return _BLOCK_FIELDS[field.partition(".")[0]]
    if problem.code in _MISSING and field.endswith((".nl", ".en")):
        return FindingCode.MISSING_TRANSLATION
    return FindingCode.REFUSED


def _rank(finding: Finding) -> tuple[int, str, bool, str]:
    subject = finding.subject
    return _ORDER[subject.kind], subject.code, finding.level is FindingLevel.ADVICE, finding.place
