"""The seed folder, and a copy of it to plant mistakes in."""

import shutil
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from portal.core.yaml_files import MistakesError
from portal.seeding.loading import Circumstances, load_seeds

ROOT: Final = Path(__file__).parent.parent.parent
SEEDS: Final = ROOT / "seeds"
ZONE: Final = ZoneInfo("Europe/Amsterdam")
SECRET: Final = "only-for-trying-out"


class Planted:
    """A copy of the seeds; remembers in which line each mistake was put."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "seeds"
        shutil.copytree(SEEDS, self.folder)

    def plant(self, file: str, right: str, wrong: str) -> int:
        """Put something wrong in place of the first `right`; gives the line."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        before, found, after = text.partition(right)
        assert found, f"{file} does not hold {right!r}"
        path.write_text(before + wrong + after, encoding="utf-8")
        return before.count("\n") + 1

    def problems(self, session: object, circumstances: Circumstances, *, with_demo: bool = True) -> dict[str, str]:
        """Load it; gives what is wrong, by file and line."""
        try:
            load_seeds(session=session, folder=self.folder, with_demo=with_demo, circumstances=circumstances)  # type: ignore[arg-type]
        except MistakesError as error:
            return {f"{one.path}:{one.line}": f"{one.field} {one.code}" for one in error.problems}
        return {}
