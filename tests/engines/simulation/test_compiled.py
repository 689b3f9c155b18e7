"""Machine code that is kept is never older than its source, wherever that changed."""

import os
import subprocess
import sys
from pathlib import Path

CALLED = "from tiffin.engines.simulation.compiled import inner\n@inner\ndef grown(x):\n    return x + {step}\n"
CALLER = (
    "from called import grown\nfrom tiffin.engines.simulation.compiled import entry\n"
    "@entry\ndef run(x):\n    return grown(x)\nprint(run(40))\n"
)


def answer(folder: Path, source: Path, **environment: str) -> str:
    paths = {"PYTHONPATH": f"{source}{os.pathsep}{folder}"}
    command = [sys.executable, str(folder / "caller.py")]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=paths | environment).stdout.strip()


def test_a_change_in_what_is_called_is_seen_by_code_that_was_kept(tmp_path: Path, project_root: Path) -> None:
    (tmp_path / "caller.py").write_text(CALLER)
    found = []
    # Of another length too: Python itself knows a source by its length and the second in which it was written.
    for step in (2, 30):
        (tmp_path / "called.py").write_text(CALLED.format(step=step))
        found.append(answer(tmp_path, project_root / "src"))

    assert found == ["42", "70"]
    assert len(list(tmp_path.glob("__pycache__/caller*.nbi"))) == 2


def test_code_that_cannot_be_kept_is_compiled_each_time(tmp_path: Path, project_root: Path) -> None:
    (tmp_path / "called.py").write_text(CALLED.format(step=2))
    (tmp_path / "caller.py").write_text(CALLER)
    # A file where folders would have to be stands for a read-only installation: it stops the superuser of CI too.
    (tmp_path / "__pycache__").write_text("")

    assert answer(tmp_path, project_root / "src", HOME="/dev/null", XDG_CACHE_HOME="/dev/null") == "42"
