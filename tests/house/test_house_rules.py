"""Rules of the house that no linter brings."""

import re
import subprocess
from pathlib import Path

import pytest

MAX_LINES = 400
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "misc", "common", "data", "info", "process"}


def tracked(root: Path, *patterns: str) -> list[Path]:
    """List the files that git tracks."""
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=root, capture_output=True, text=True, check=True)
    return [root / name for name in listed.stdout.splitlines() if (root / name).is_file()]


def test_no_python_file_is_longer_than_a_person_reads(project_root: Path) -> None:
    long = {str(f): n for f in tracked(project_root, "*.py") if (n := len(f.read_text().splitlines())) > MAX_LINES}

    assert not long


def test_no_module_has_a_name_that_says_nothing(project_root: Path) -> None:
    vague = [f for f in tracked(project_root, "src/*.py") if f.stem in VAGUE_NAMES or f.parent.name in VAGUE_NAMES]

    assert not vague


def test_every_exception_to_a_rule_says_why(project_root: Path) -> None:
    pattern = re.compile(r"#\s*(noqa(?!:)|noqa:\s*[A-Z0-9, ]+$|type:\s*ignore(\[[^\]]*\])?\s*$)")
    bare = [
        f"{f.relative_to(project_root)}:{number}"
        for f in tracked(project_root, "src/*.py")
        for number, line in enumerate(f.read_text().splitlines(), 1)
        if pattern.search(line)
    ]

    assert not bare


def test_no_committed_file_names_a_package_registry(project_root: Path) -> None:
    hosts = re.compile(rb"(pypi\.org|pythonhosted\.org|registry\.npmjs\.org|deb\.debian\.org|/opt/pypi|/opt/wheels)")
    named = [f for f in tracked(project_root) if f.name != Path(__file__).name and hosts.search(f.read_bytes())]

    assert not named


def test_every_capability_tells_its_question_terms_and_limits(project_root: Path) -> None:
    packages = tracked(project_root, "src/tiffin/capabilities/*/__init__.py")
    folders = {f.parent for f in packages if f.parent.parent.name == "capabilities"}

    assert {f.name for f in folders} >= {"facts", "metrics", "balance", "scorecards", "rehearsals", "access"}
    assert not [f for f in folders if not (f / "README.md").is_file()]


def test_every_decision_fits_one_screen(project_root: Path) -> None:
    long = [f.name for f in tracked(project_root, "docs/decisions/*.md") if len(f.read_text().splitlines()) > 60]

    assert not long


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_every_requirement_with_hashes(project_root: Path, lock: str) -> None:
    lines = (project_root / lock).read_text().splitlines()
    pins = [n for n, line in enumerate(lines) if re.match(r"^[a-z0-9]", line)]

    assert pins
    assert all("==" in lines[n] and "--hash=sha256:" in lines[n + 1] for n in pins)
