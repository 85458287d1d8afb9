"""What keeps a definition from being published, also where it names what the organisation does not have."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.catalog.checks import find_block_faults, find_product_faults
from portal.catalog.definition import BlockDefinition, Definition, ProductDefinition
from portal.catalog.memory import block_definition_of
from portal.catalog.prices import find_price_faults
from portal.catalog.queries import published_blocks, questions_by_code
from portal.people.audience import split_token
from portal.people.models import Department
from portal.people.queries import find_team, names_of_tokens


def find_faults(session: Session, definition: Definition) -> dict[str, str]:
    """Give what keeps a definition from being published: field paths with codes; empty when it may come out."""
    if isinstance(definition, ProductDefinition):
        versions = published_blocks(session, definition.block_codes())
        blocks = {code: block_definition_of(version) for code, version in versions.items()}
        audience = audience_faults(definition.audience, known=names_of_tokens(session, definition.audience))
        return _department_faults(session, "owner", definition.owner) | audience | find_product_faults(definition, blocks)
    known = questions_by_code(session)
    unknown = {
        f"questions[{index}]": "unknown_question" for index, question in enumerate(definition.questions) if question.code not in known
    }
    faults = dict([*find_block_faults(definition), *find_price_faults(definition.prices)])
    return _department_faults(session, "department", definition.department) | _team_faults(session, definition) | unknown | faults


def audience_faults(audience: Collection[str], *, known: Collection[str]) -> dict[str, str]:
    """Find the token of a department, function or location that is not among the `known` ones."""
    unknown = [token for token in sorted(audience) if split_token(token) and token not in known]
    return {"audience": f"unknown_role: {unknown[0]}"} if unknown else {}


def _department_faults(session: Session, field: str, code: str) -> dict[str, str]:
    is_known = session.scalar(select(Department.id).where(Department.code == code)) is not None
    return {} if is_known else {field: "unknown_department"}


def _team_faults(session: Session, block: BlockDefinition) -> dict[str, str]:
    is_right = block.team is None or find_team(session, block.team, department=block.department) is not None
    return {} if is_right else {"team": "unknown_team"}
