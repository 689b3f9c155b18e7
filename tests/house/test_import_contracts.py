"""Each import contract is proved by breaking it on a copy of the package."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BREAKS = {
    "rings": ("kernel/broken.py", "import tiffin.runtime.workspace\n"),
    "rings-exhaustive": ("somewhere/__init__.py", '"""A package outside every ring."""\n'),
    "shape": ("capabilities/sample/domain.py", "import tiffin.capabilities.sample.service\n"),
    "shape-exhaustive": ("capabilities/sample/helpers.py", '"""A module name that the shape does not know."""\n'),
    "pure-kernel": ("kernel/broken.py", "import numpy\n"),
    "pure-kernel-file": ("kernel/broken.py", "TEXT = open('x').read()\n"),
    "pure-engines": ("engines/attribution/broken.py", "import pathlib\n"),
    "pure-engines-indirect": ("capabilities/sample/domain.py", "import tiffin.runtime.workspace\n"),
    "sql-in-two-engines": ("engines/attribution/broken.py", "import sqlglot\n"),
    "public": ("capabilities/sample/service.py", "import tiffin.capabilities.metrics.queries\n"),
    "acyclic": ("capabilities/facts/domain/broken.py", "import tiffin.capabilities.sample.service\n"),
    "thin": ("capabilities/sample/cli.py", "import tiffin.capabilities.sample.queries\n"),
}


@pytest.fixture
def house_copy(tmp_path: Path, project_root: Path) -> Path:
    """A copy of the package with a small well-formed capability `sample` in it."""
    shutil.copytree(
        project_root / "src", tmp_path / "src", ignore=shutil.ignore_patterns("*.po", "static", "__pycache__", "*.yaml")
    )
    shutil.copy(project_root / "pyproject.toml", tmp_path)
    (tmp_path / "tests" / "house").mkdir(parents=True)
    shutil.copy(project_root / "tests" / "house" / "contracts.py", tmp_path / "tests" / "house")
    sample = tmp_path / "src/tiffin/capabilities/sample"
    sample.mkdir()
    (sample / "__init__.py").write_text('"""A sample."""\n')
    (sample / "domain.py").write_text('"""Nouns."""\n')
    (sample / "queries.py").write_text('"""Queries."""\n')
    imports = "import tiffin.capabilities.facts.service\nimport tiffin.capabilities.sample.queries\n"
    (sample / "service.py").write_text(imports)
    return tmp_path


def lint(copy: Path, contract: str) -> subprocess.CompletedProcess[str]:
    """Check one contract on the copy."""
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache", "--contract", contract]
    environment = {"PYTHONPATH": f"{copy / 'src'}:{copy}", "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("case", BREAKS)
def test_a_broken_contract_is_found(house_copy: Path, case: str) -> None:
    contract = next(c for c in sorted(_contracts(), key=len, reverse=True) if case.startswith(c))
    file, line = BREAKS[case]
    target = house_copy / "src/tiffin" / file
    if not target.parent.is_dir():
        target.parent.mkdir()
    target.write_text((target.read_text() if target.exists() else "") + line)

    result = lint(house_copy, contract)

    assert result.returncode == 1, result.stdout + result.stderr
    assert "BROKEN" in result.stdout
    assert "sample" in result.stdout or "broken" in result.stdout or "somewhere" in result.stdout


def test_the_house_with_a_well_formed_capability_keeps_every_contract(house_copy: Path) -> None:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    environment = {"PYTHONPATH": f"{house_copy / 'src'}:{house_copy}", "PATH": "/usr/bin:/bin"}

    result = subprocess.run(command, cwd=house_copy, env=environment, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout + result.stderr


def _contracts() -> tuple[str, ...]:
    return ("rings", "shape", "pure-kernel", "pure-engines", "sql-in-two-engines", "public", "acyclic", "thin")
