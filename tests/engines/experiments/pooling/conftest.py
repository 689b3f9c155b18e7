"""The simulated cities of the benchmark, in a size that always runs."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def carrying_over(project_root: Path) -> ModuleType:
    """The benchmark of carrying over, as a module."""
    path = project_root / "benchmarks" / "carrying_over.py"
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module
