"""Writing files of definitions within a unit of work: a file and the rows about it stand or fall together."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import event

from tiffin.kernel.errors import Unavailable
from tiffin.runtime.context import Context


def put_file(context: Context, file: Path, text: str | None, *, noticed: Callable[[Path], None] | None = None) -> None:
    """Write a definition's file whole, or take it away; should the unit of work fail, it is put back as it was.

    Parameters
    ----------
    text : str or None
        None takes the file away.
    noticed : callable or None
        Told of the file after each change of it, so that what was read of it is read anew.

    Raises
    ------
    Unavailable
        The file cannot be written; nothing was changed.
    """
    tell = noticed or (lambda _: None)
    written = file.read_bytes() if file.is_file() else None
    context.session.connection()  # a session that did nothing would not be told of the rollback

    def undo(_: object) -> None:
        _put(file, written)
        tell(file)

    # What was done last is undone first.
    event.listen(context.session, "after_rollback", undo, once=True, insert=True)
    _put(file, None if text is None else text.encode())
    tell(file)


def _put(file: Path, content: bytes | None) -> None:
    try:
        if content is None:
            file.unlink(missing_ok=True)
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.stem}-", suffix=".writing")
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(file)
    except OSError as error:
        raise Unavailable(f"{file} could not be written: {error}. Nothing was changed.") from error
