"""Two requests at once under one key decide once, on either database."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest

from tiffin.capabilities.policies.service.idempotency import Answer, answered_once
from tiffin.kernel.errors import Conflict
from tiffin.runtime.edge import open_context
from tiffin.runtime.workspace import create_workspace

KEY = "order-0001"


@pytest.fixture
def root(tmp_path: Path, database_url: str) -> Path:
    """Make a workspace whose operational database is each of the two kinds."""
    made = create_workspace(tmp_path / "shared").root
    settings = made / "tiffin.toml"
    text = settings.read_text(encoding="utf-8")
    assert "database" in tomllib.loads(text)
    kept = [line for line in text.splitlines() if not line.startswith("url")]
    settings.write_text("\n".join(kept).replace("[database]", f'[database]\nurl = "{database_url}"'), encoding="utf-8")
    with open_context(made):
        pass
    return made


def at_once(*acts: Callable[[], None]) -> None:
    begun = Barrier(len(acts))

    def run(act: Callable[[], None]) -> None:
        begun.wait()
        act()

    threads = [Thread(target=run, args=(one,)) for one in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    assert not [one for one in threads if one.is_alive()]


def test_two_requests_at_once_under_one_key_decide_once(root: Path) -> None:
    made: list[str] = []
    answers: list[Answer] = []

    def make() -> str:
        made.append("decided")
        return f"answer {len(made)}"

    def ask() -> None:
        with open_context(root) as context:
            answers.append(answered_once(context, KEY, b"the same", make))

    at_once(*[ask] * 4)

    assert made == ["decided"]
    assert [one.text for one in answers] == ["answer 1"] * 4
    assert sorted(one.replayed for one in answers) == [False, True, True, True]


def test_of_two_other_requests_at_once_under_one_key_the_second_is_a_conflict(root: Path) -> None:
    ended: list[str] = []

    def ask(sent: bytes) -> Callable[[], None]:
        def act() -> None:
            try:
                with open_context(root) as context:
                    ended.append(answered_once(context, KEY, sent, lambda: "answer").text)
            except Conflict:
                ended.append("conflict")

        return act

    at_once(ask(b"one"), ask(b"other"))

    assert sorted(ended) == ["answer", "conflict"]


def test_a_request_that_fails_lets_the_one_that_waits_decide(root: Path) -> None:
    ended: list[str] = []

    def failing() -> str:
        raise ZeroDivisionError

    def fail() -> None:
        with pytest.raises(ZeroDivisionError), open_context(root) as context:
            answered_once(context, KEY, b"the same", failing)

    def ask() -> None:
        with open_context(root) as context:
            ended.append(answered_once(context, KEY, b"the same", lambda: "answer").text)

    fail()
    at_once(ask, ask)

    assert ended == ["answer", "answer"]
