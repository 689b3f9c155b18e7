"""The entry point: runs a command and tells the shell how it ended."""

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from tiffin.cli.composition import compose
from tiffin.kernel.errors import TiffinError
from tiffin.runtime.settings import settings
from tiffin.runtime.showing import COMMAND

BUG = 70
"""Exit code of a bug (``EX_SOFTWARE``), apart from all expected ones."""

INTERRUPTED = 130
WRONG_USE = 2
BROKEN_PIPE = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; a failure is a paragraph on standard error, never a traceback."""
    try:
        code = run(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has enough. What is still buffered must not fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    return code


def run(arguments: list[str]) -> int:
    """Run one command line; everything but a broken pipe becomes an exit code."""
    try:
        outcome = _outcome(arguments)
    except TiffinError as error:
        return _tell(_in_own_language(error), error.exit_code)
    except typer.TyperException as error:
        return _tell_wrong_use(error)
    except (KeyboardInterrupt, typer.Abort):
        return _tell("Interrupted; nothing of the unfinished work was kept.", INTERRUPTED)
    except BrokenPipeError:
        raise
    except SystemExit as ended:
        # So typer ends where whoever read our output has enough, and only then, when it leaves exit codes to us.
        raise BrokenPipeError from ended
    except Exception:  # noqa: BLE001 - the last defence: a bug is written down, never thrown at a person
        return _tell_bug()
    return outcome if isinstance(outcome, int) else 0


def _outcome(arguments: list[str]) -> Any:
    command = compose()
    named = COMMAND.set(words_of(command, arguments))
    try:
        return command(args=arguments, prog_name="tiffin", standalone_mode=False)
    finally:
        COMMAND.reset(named)


def words_of(command: Any, arguments: Sequence[str]) -> str:
    """Give the words of a command line that name the command, without its options and arguments."""
    words = []
    for one in arguments:
        below = command.get_command(None, one) if hasattr(command, "list_commands") else None
        if below is None:
            break
        words.append(one)
        command = below
    return " ".join(words)


def _in_own_language(error: TiffinError) -> str:
    try:
        locale = settings().locale
    except TiffinError:  # the language itself may be what was asked for wrongly
        locale = None
    if locale is None:
        return str(error)
    # A command that ends well, or in English, does without the catalogues.
    from tiffin.runtime.i18n import translate  # noqa: PLC0415 - for the reason above

    return translate(locale, error.said)


def _tell(text: str, code: int) -> int:
    sys.stderr.write(text + "\n")
    return code


def _tell_wrong_use(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    if context is not None:
        sys.stderr.write(context.get_usage() + "\n")
    return _tell(str(getattr(error, "format_message", error.__str__)()), getattr(error, "exit_code", WRONG_USE))


def _tell_bug() -> int:
    path = Path(tempfile.gettempdir()) / f"tiffin-bug-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.log"
    path.write_text(traceback.format_exc(), encoding="utf-8")
    reason = traceback.format_exception_only(*sys.exc_info()[:2])[-1].strip()
    return _tell(
        f"Tiffin failed in a way that it should not ({reason}). The full account is in {path}: report it with it.",
        BUG,
    )
