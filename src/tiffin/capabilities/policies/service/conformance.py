"""How our engine conforms to the standard: the cases of its kit, judged."""

from collections.abc import Iterator
from pathlib import Path

from tiffin.engines.decisions.conformance.judging import LEFT_OUT, Verdict, judge_folder
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message

LEVELS = ("compliance-level-2", "compliance-level-3")


def conformance(folder: Path) -> dict[str, tuple[Verdict, ...]]:
    """Ask the cases of DMN's conformance kit, level by level; folders that `LEFT_OUT` names are not asked.

    Raises
    ------
    NotFound
        When the folder holds no level of the kit.
    """
    levels = [one for one in LEVELS if (folder / one).is_dir()]
    if not levels:
        raise NotFound(
            Message(
                "A folder with {levels} of DMN's conformance kit was expected; {folder} holds neither.",
                levels=", ".join(LEVELS),
                folder=str(folder),
            )
        )
    return {one: tuple(_judged(folder / one)) for one in levels}


def _judged(level: Path) -> Iterator[Verdict]:
    for folder in sorted(one for one in level.iterdir() if one.is_dir() and one.name not in LEFT_OUT):
        files = {one.name: one.read_bytes() for one in folder.iterdir() if one.suffix in (".dmn", ".xml")}
        yield from judge_folder(folder.name, files)
