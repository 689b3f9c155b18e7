"""The wheel stands alone: installed into an empty environment, it does the main job."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command, and show its error output when it fails."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TIFFIN_", "PYTHON", "COV_"))}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def install(python: Path, *what: str | Path, cwd: Path) -> None:
    """Install with uv where the launcher has it, else with the running interpreter's pip."""
    uv = shutil.which("uv") or next((str(p) for p in cwd.glob(".venv.uv/bin/uv")), None)
    if uv:
        run(uv, "pip", "install", "-q", "--python", python, *what, cwd=cwd)
    else:
        run(sys.executable, "-m", "pip", "--python", python, "install", "-q", *what, cwd=cwd)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, project_root: Path) -> Path:
    """An empty environment with the wheel and its locked requirements; gives its bin folder."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=project_root)
    run(sys.executable, "-m", "venv", "--without-pip", folder / "env", cwd=folder)
    python = folder / "env" / "bin" / "python"
    install(python, "--require-hashes", "-r", project_root / "requirements.lock", cwd=project_root)
    install(python, "--no-deps", next(folder.glob("*.whl")), cwd=project_root)
    return python.parent


def test_the_installed_wheel_does_the_main_job(installed: Path, tmp_path: Path) -> None:
    printed = run(installed / "tiffin", "up", "--once", "--json", "--workspace", tmp_path / "w", cwd=tmp_path)

    report = json.loads(printed)
    assert report["cities"] == 6
    assert report["orders"] > 100_000
    assert report["daybooks"]
    assert all(Path(path).is_file() for path in report["daybooks"])
