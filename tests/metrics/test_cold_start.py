"""What a new process imports before its first answer: nothing that only other commands need."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tiffin.capabilities.metrics.service.library import library_of
from tiffin.engines.metrics.parsed import Parsed
from tiffin.engines.metrics.vocabulary import DIALECTS
from tiffin.runtime.context import Context
from tiffin.runtime.workspace import Workspace

ASKING = """
import sys
from pathlib import Path
from tiffin.capabilities.metrics import service
from tiffin.engines.metrics.request import MetricRequest
from tiffin.runtime.edge import open_context
with open_context(Path(sys.argv[1])) as context:
    request = MetricRequest(("orders", "on_time_share", "basket_value"), ("business_date", "country"))
    print(len(service.query(context, request).rows))
print(*sorted(sys.modules))
"""

UNNEEDED = (
    "sqlglot",
    "yaml",
    "babel",
    "jinja2",
    "fastapi",
    "typer",
    "rich",
    "pydantic",
    "alembic",
    "sqlalchemy.orm",
    "sqlalchemy.dialects.postgresql",
    "pandas",
    "psycopg",
)


COMMAND = """
import sys
from tiffin.cli import main
assert main(["metrics", *sys.argv[2:], "--workspace", sys.argv[1]]) == 0
print(*sorted(sys.modules))
"""

UNNEEDED_BY_COMMANDS = (
    "sqlglot",
    "yaml",
    "jinja2",
    "fastapi",
    "alembic",
    "sqlalchemy.orm",
    "tiffin.capabilities.metrics.cli.ledger",
    "tiffin.capabilities.metrics.service.authoring",
)


@pytest.fixture(scope="module")
def imported(small: Workspace, tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The modules of a process that answered."""
    rows, modules = _told_by_the_second(ASKING, small, tmp_path_factory.mktemp("cache"))
    assert int(rows) > 0
    return frozenset(modules.split())


def _told_by_the_second(code: str, workspace: Workspace, cache: Path, *words: str) -> list[str]:
    """Give what a process tells over definitions which one before it had put on the shelf."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    command = [sys.executable, "-c", code, str(workspace.root), *words]
    for _ in range(2):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize("library", UNNEEDED)
def test_a_first_answer_waits_for_no_library_that_it_does_not_need(imported: frozenset[str], library: str) -> None:
    assert library not in imported


@pytest.mark.parametrize("words", [("list",), ("query", "orders", "--by", "country")])
def test_commands_that_list_and_ask_wait_for_no_library_that_they_do_not_need(
    small: Workspace, tmp_path: Path, words: tuple[str, ...]
) -> None:
    modules = frozenset(_told_by_the_second(COMMAND, small, tmp_path, *words)[-1].split())
    assert "tiffin.capabilities.metrics.cli.asking" in modules
    assert not modules.intersection(UNNEEDED_BY_COMMANDS)


def test_every_shipped_expression_says_at_rest_what_its_tree_says(
    small: Workspace, entering: Callable[..., AbstractContextManager[Context]]
) -> None:
    with entering(small) as context:
        model = library_of(context.workspace).model
    expressions = [one.parsed for source in model.sources.values() for one in source.dimensions.values()]
    for parsed in (*expressions, *(resolved.parsed for resolved in model.resolved.values())):
        again = Parsed(pickle.loads(pickle.dumps(parsed)).tree)  # noqa: S301 - just written
        assert [again.sql(dialect) for dialect in DIALECTS] == [parsed.sql(dialect) for dialect in DIALECTS]
        assert again.columns == parsed.columns
