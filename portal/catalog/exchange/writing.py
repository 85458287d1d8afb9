"""Writing a catalogue as YAML that people can read and keep in git: the same catalogue always gives the same files."""

import re
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from portal.catalog.catalogue import Catalogue
from portal.catalog.codec import Data, block_as_data, product_as_data, question_as_data
from portal.catalog.definition import BlockDefinition

_ONE_LINE: Final = 110
_SIGNS_OF_YAML: Final = ("?", ":")  # on one line with braces the writer leaves these bare, and no reader takes them
_NO_WRAPPING: Final = 1_000_000
_MARGIN: Final = re.compile("^  ", re.MULTILINE)


def catalogue_as_files(catalogue: Catalogue) -> Mapping[str, str]:
    """Give the text of every file by its path in the folder; all lists by code."""
    departments = sorted({block.department for block in catalogue.blocks.values()})
    lists = {f"blocks/{code}.yaml": [_block(one) for one in _sorted(catalogue.blocks) if one.department == code] for code in departments}
    products = {f"products/{one.code}.yaml": _without_empty(product_as_data(one)) for one in _sorted(catalogue.products)}
    questions = [question_as_data(one) for one in _sorted(catalogue.questions)]
    return {path: _as_yaml(data) for path, data in {"questions.yaml": questions, **lists, **products}.items()}


def write_folder(folder: Path, catalogue: Catalogue) -> Sequence[str]:
    """Write all files; gives the files of the same kind that stand in the folder and not in the catalogue, which stay.

    :raises OSError: the folder cannot be written.
    """
    files = catalogue_as_files(catalogue)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="\n")
    there = [str(path.relative_to(folder)) for inside in ("blocks", "products") for path in sorted((folder / inside).glob("*.yaml"))]
    return [path for path in there if path not in files]


def _block(block: BlockDefinition) -> Data:
    data: Data = _without_empty({**block_as_data(block), "questions": [question.code for question in block.questions]})
    return data


def _sorted(items: Mapping[str, Any]) -> Sequence[Any]:
    return [items[code] for code in sorted(items)]


def _without_empty(data: Any) -> Any:  # noqa: ANN401  stored data
    """Leave out what reads the same when it is not there: empty lists, and that a required line is chosen."""
    if isinstance(data, Mapping):
        is_sure = data.get("need") == "required" and data.get("chosen") is True
        return {name: _without_empty(one) for name, one in data.items() if one != [] and not (is_sure and name == "chosen")}
    if isinstance(data, list):
        return [_without_empty(one) for one in data]
    return data


def _as_yaml(data: Data | Sequence[Data]) -> str:
    yaml = YAML()
    yaml.width = _NO_WRAPPING
    yaml.indent(mapping=2, sequence=4, offset=2)
    written = StringIO()
    if isinstance(data, Mapping):
        yaml.dump(_laid_out(data, is_whole=True), written)
        return written.getvalue()
    yaml.dump(CommentedSeq([_laid_out(one, is_whole=True) for one in data]), written)
    # A file that is one list begins at the margin.
    return _MARGIN.sub("", written.getvalue())


def _laid_out(data: Any, *, is_whole: bool = False) -> Any:  # noqa: ANN401  stored data
    """Write what is short on one line, as people do, and the rest below each other."""
    if isinstance(data, str):
        return _text(data)
    if not isinstance(data, Mapping | list):
        return data
    is_short = not is_whole and _is_short(data)
    laid_out: Any = (
        CommentedMap((name, _laid_out(one)) for name, one in data.items())
        if isinstance(data, Mapping)
        else CommentedSeq([_laid_out(one) for one in data])
    )
    if is_short:
        laid_out.fa.set_flow_style()
    return laid_out


def _text(text: str) -> str:
    """Write several lines as lines; signs that would not survive that, or that nobody sees, stand as a code between quotes."""
    lines = text.split("\n")
    is_plain = all(line and line.isprintable() and line == line.strip() for line in lines)
    if text.isprintable() and not text.startswith(_SIGNS_OF_YAML):
        return text
    written: str = LiteralScalarString(text) if is_plain and len(lines) > 1 else DoubleQuotedScalarString(text)
    return written


def _is_short(data: Any) -> bool:  # noqa: ANN401  stored data
    """Tell whether something fits on one line."""
    return "\\n" not in str(data) and len(str(data)) <= _ONE_LINE
