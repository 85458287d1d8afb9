"""The catalogue as a folder of YAML: questions.yaml, blocks/<department>.yaml and products/<code>.yaml."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.catalog.catalogue import Catalogue
from portal.catalog.codec import block_from_data, product_from_data, question_from_data
from portal.catalog.definition import BlockDefinition, ProductDefinition, Question
from portal.core.yaml_files import Placed, Problems, YamlFile, read_each, read_whole, read_yaml_file, refuse_double


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueFiles:
    """A catalogue that was read, with the place of each part."""

    questions: tuple[Placed[Question], ...]
    blocks: tuple[Placed[BlockDefinition], ...]
    products: tuple[Placed[ProductDefinition], ...]

    @property
    def catalogue(self) -> Catalogue:
        """Give the catalogue itself."""
        return Catalogue(
            questions={placed.what.code: placed.what for placed in self.questions},
            blocks={placed.what.code: placed.what for placed in self.blocks},
            products={placed.what.code: placed.what for placed in self.products},
        )


def read_catalogue(folder: Path, *, root: Path, problems: Problems) -> CatalogueFiles:
    """Read a folder; mistakes are noted in `problems` with their place below `root`, and what holds one is left out."""
    questions = tuple(read_each(read_yaml_file(folder / "questions.yaml", root=root, problems=problems), question_from_data, problems))
    library = {placed.what.code: placed.what for placed in questions}

    def read_block(data: object, path: str) -> BlockDefinition:
        return block_from_data(data, library, path)

    def read_all(inside: str) -> Sequence[YamlFile]:
        return [read_yaml_file(path, root=root, problems=problems) for path in sorted((folder / inside).glob("*.yaml"))]

    files = CatalogueFiles(
        questions=questions,
        blocks=tuple(placed for file in read_all("blocks") for placed in read_each(file, read_block, problems)),
        products=tuple(placed for file in read_all("products") for placed in read_whole(file, product_from_data, problems)),
    )
    for several in (files.questions, files.blocks, files.products):
        refuse_double(several, "code", problems)
    return files
