"""The command line's manners: exit codes, one readable paragraph, nothing but data on standard output."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from tiffin.cli import composition
from tiffin.cli.entry import BUG, INTERRUPTED
from tiffin.kernel import errors
from tiffin.kernel.errors import InvalidDefinition, NotFound, TiffinError
from tiffin.runtime.deferring import commands_of
from tiffin.runtime.settings import settings

Tiffin = Callable[..., Any]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Make the command ``version`` fail in a given way."""

    def fail_with(error: BaseException) -> None:
        def fail(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr("tiffin.cli.migration.emit", fail)

    return fail_with


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.FailedCheck, 1),
        (errors.Conflict, 1),
        (errors.WrongUse, 2),
        (errors.InvalidDefinition, 3),
        (errors.InvalidData, 3),
        (errors.NotFound, 4),
        (errors.Forbidden, 5),
        (errors.Infeasible, 6),
        (errors.Unavailable, 7),
    ],
)
def test_an_expected_failure_is_its_exit_code_and_one_paragraph(
    tiffin: Tiffin, failing: Callable[[BaseException], None], kind: type[TiffinError], code: int
) -> None:
    failing(kind("Expected this, found that. Do so."))

    ended = tiffin("version")

    assert (ended.code, ended.out, ended.err) == (code, "", "Expected this, found that. Do so.\n")


def test_every_kind_of_expected_failure_has_its_exit_code() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, TiffinError)]

    assert all(kind.exit_code in range(1, 8) for kind in kinds)


def test_a_bug_is_written_down_and_told_but_not_thrown(
    tiffin: Tiffin, failing: Callable[[BaseException], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    failing(ZeroDivisionError("division by zero"))

    ended = tiffin("version")

    (account,) = tmp_path.glob("tiffin-bug-*.log")
    assert ended.code == BUG
    assert str(account) in ended.err
    assert "Traceback" not in ended.err
    assert "Traceback" in account.read_text()


def test_an_interruption_ends_quietly(tiffin: Tiffin, failing: Callable[[BaseException], None]) -> None:
    failing(KeyboardInterrupt())
    assert tiffin("version").code == INTERRUPTED

    failing(typer.Abort())
    ended = tiffin("version")

    assert ended.code == INTERRUPTED
    assert "Traceback" not in ended.err


def test_a_refusal_is_told_in_the_language_of_the_environment(
    tiffin: Tiffin, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("metrics", "query", "unheard_of", "--workspace", workspace)
    english = tiffin(*asked)
    monkeypatch.setenv("TIFFIN_LOCALE", "pt_BR")
    settings.cache_clear()

    portuguese = tiffin(*asked)

    assert english.code == portuguese.code == NotFound.exit_code
    assert english.err.startswith("There is no metric unheard_of.")
    assert portuguese.err.startswith("Não há métrica unheard_of.")


def test_a_language_that_there_is_not_is_refused_in_english(tiffin: Tiffin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIFFIN_LOCALE", "nonsense")
    settings.cache_clear()

    ended = tiffin("metrics", "list")

    assert ended.code == InvalidDefinition.exit_code
    assert "TIFFIN_LOCALE" in ended.err


@pytest.mark.parametrize(
    "arguments",
    [("no-such-command",), ("users", "add"), ("version", "--no-such-option"), ("users", "grant", "x", "king")],
)
def test_wrong_use_is_told_with_the_usage(tiffin: Tiffin, arguments: tuple[str, ...]) -> None:
    ended = tiffin(*arguments)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("Usage: tiffin")


def test_a_misspelt_command_gets_a_suggestion(tiffin: Tiffin) -> None:
    assert "users" in tiffin("user").err


def test_without_a_command_the_commands_are_shown(tiffin: Tiffin) -> None:
    ended = tiffin()

    assert "daybook" in ended.out + ended.err
    assert "Traceback" not in ended.out + ended.err


def test_a_command_imports_its_own_capability_and_no_other() -> None:
    code = "import sys; from tiffin.cli import main; main(['users', '-h']); print(sorted(sys.modules), file=sys.stderr)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert "tiffin.capabilities.access.cli" in done.stderr
    for other in ("metrics", "facts", "balance", "rehearsals"):
        assert f"'tiffin.capabilities.{other}.cli'" not in done.stderr


def test_every_command_is_known_to_the_composition() -> None:
    known = composition.OWN | composition.CAPABILITIES

    for module in composition.modules():
        assert set(commands_of(module)) == set(known[module]), module


def test_every_command_of_a_workspace_takes_the_shared_options() -> None:
    for module in composition.modules():
        for command in commands_of(module).values():
            for leaf in leaves(command):
                options = {option for parameter in leaf.params for option in parameter.opts}
                of_files = "catalog" in module and leaf.name in {"check", "import"}  # contracts of others
                elsewhere = {"version", "init", "restore", "serve-engine", "cases", "types", "tck"}
                if not of_files and leaf.name not in elsewhere:
                    assert "--workspace" in options, leaf.name
                serving = {"serve", "serve-engine", "serve-assistant", "serve-sql"}
                if leaf.name not in {*serving, "export"}:  # an export is in the format that is asked for
                    assert "--json" in options, leaf.name


def leaves(command: Any) -> list[Any]:
    """List a command, or the commands of a group, however deep."""
    if not hasattr(command, "commands"):
        return [command]
    return [leaf for name in command.list_commands(None) for leaf in leaves(command.get_command(None, name))]


def test_a_reader_that_has_enough_is_no_error(workspace: Path) -> None:
    command = f"'{sys.executable}' -m tiffin.cli audit --json --workspace '{workspace}' | true; exit ${{PIPESTATUS[0]}}"

    done = subprocess.run(["/bin/bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode in {0, 141}
    assert done.stderr == ""


def test_ctrl_c_in_the_middle_of_work_leaves_no_traceback() -> None:
    # What was started in the background ignores Ctrl-C from birth, and so does whatever it starts.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    code = f"{heard}import time, tiffin.cli.migration as m; from tiffin.cli import main; m.emit = lambda *a, **k: (print('on'), time.sleep(60)); raise SystemExit(main(['version']))"  # noqa: E501 - one program
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "on\n"
    time.sleep(0.1)

    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)

    assert process.returncode == INTERRUPTED
    assert "Traceback" not in err
