"""What the tests of the command line share: running a command in this process, as the shell would see it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tiffin.cli import main
from tiffin.runtime.settings import settings
from tiffin.runtime.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Read the one document on standard output."""
        assert self.code == 0, self.err
        return json.loads(self.out)


@pytest.fixture
def tiffin(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[..., Ended]]:
    """Run a command line; the workspace that none names is ``workspace`` in the test's folder."""
    for name in ("TIFFIN_WORKSPACE", "TIFFIN_DATABASE_URL", "TIFFIN_LOCALE"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Ended:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        return Ended(code, *capsys.readouterr())

    yield run
    settings.cache_clear()


@pytest.fixture
def workspace(tmp_path: Path, new_workspace: Callable[[Path], Workspace]) -> Path:
    """Make a workspace that holds nothing, where commands find it by themselves."""
    return new_workspace(tmp_path / "workspace").root
