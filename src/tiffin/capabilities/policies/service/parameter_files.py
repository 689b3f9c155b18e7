"""Dated parameters as files: those that ship and the workspace's own, which count until a publication replaces them."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from tiffin.capabilities.policies.domain.parameters import read_parameters
from tiffin.capabilities.policies.domain.policy import Parameter
from tiffin.capabilities.policies.domain.reading import without_lines
from tiffin.runtime.definitions import parse_yaml, read_yaml, yaml_text

PARAMETERS_FILE = "parameters.yaml"
_KEPT = 512


def parameters_in(path: Path) -> tuple[Parameter, ...]:
    """Read one file of parameters; none where it is not there.

    Raises
    ------
    InvalidDefinition
        It cannot be read.
    """
    if not path.is_file():
        return ()
    state = path.stat()
    return _parameters(path, (state.st_ino, state.st_mtime_ns, state.st_size))


def one_text(paths: Iterable[Path]) -> str | None:
    """Give the files that are there as one text, those that come first first; None where there is none.

    One alone stands as it is, with its comments; of several the entries stand after each other without them.

    Raises
    ------
    InvalidDefinition
        One of several cannot be read.
    """
    there = [path for path in paths if path.is_file()]
    if len(there) < 2:  # noqa: PLR2004 - one file stands as it is
        return there[0].read_text(encoding="utf-8-sig") if there else None
    entries = []
    for path in there:
        parameters_in(path)
        entries += without_lines(parse_yaml(path.read_text(encoding="utf-8-sig"), str(path)))["parameters"]
    return yaml_text({"parameters": entries})


@lru_cache(maxsize=_KEPT)
def _parameters(path: Path, _state: tuple[int, ...]) -> tuple[Parameter, ...]:
    return read_parameters(read_yaml(path), str(path))
