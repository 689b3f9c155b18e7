"""Two processes that write into the glossary of one workspace at once lose nothing, on either database."""

import tomllib
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import select

from tiffin.capabilities.catalog.service.glossary_writing import add_synonym, added_here
from tiffin.runtime.database import engine_for
from tiffin.runtime.edge import open_context
from tiffin.runtime.models import AuditEntry
from tiffin.runtime.workspace import create_workspace

EACH = 3


def add_words(who: str, root: Path, begun: Barrier) -> None:
    """Add words one by one, each in a unit of work of its own, as a process that somebody else knows nothing of."""
    begun.wait()
    for number in range(EACH):
        with open_context(root) as context:
            add_synonym(context, "refund", "en", f"word {who} {number}")


@pytest.fixture
def shared(tmp_path: Path, database_url: str) -> Path:
    """Make a workspace whose operational database is each of the two kinds."""
    workspace = create_workspace(tmp_path / "shared")
    settings = workspace.root / "tiffin.toml"
    written = tomllib.loads(settings.read_text(encoding="utf-8"))
    kept = [line for line in settings.read_text(encoding="utf-8").splitlines() if not line.startswith("url")]
    assert "database" in written
    text = "\n".join(kept).replace("[database]", f'[database]\nurl = "{database_url}"')
    settings.write_text(text, encoding="utf-8")
    return workspace.root


def test_two_stewards_who_add_words_at_once_lose_none(shared: Path, database_url: str) -> None:
    with open_context(shared):
        pass  # the database is there before both begin
    engine_for(database_url).dispose()  # no connection is shared with them
    forking = get_context("fork")
    begun = forking.Barrier(2)
    both = [forking.Process(target=add_words, args=(who, shared, begun)) for who in ("ana", "bea")]
    for one in both:
        one.start()
    for one in both:
        one.join(timeout=60)

    assert [one.exitcode for one in both] == [0, 0]
    with open_context(shared) as context:
        words = added_here(context.workspace, "refund", "en")
        audited = context.session.scalars(select(AuditEntry).where(AuditEntry.action == "synonym_added")).all()
    assert sorted(words) == sorted(f"word {who} {number}" for who in ("ana", "bea") for number in range(EACH))
    assert len(audited) == 2 * EACH
