"""A workspace looked through for a person: every column of its database, every file of its folder."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tiffin.capabilities.access.domain.people_traces import LEAST_RAW_LETTERS, Sought, cleaned_words
from tiffin.capabilities.access.service.people_files import FileTrace, files_of, traces_in
from tiffin.capabilities.access.service.people_rights import require_officer
from tiffin.capabilities.access.service.people_walk import Mention, walk
from tiffin.runtime import audit
from tiffin.runtime.context import Context

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class ScanResult:
    """Where in a workspace a person is named.

    Parameters
    ----------
    files, megabytes, tables, columns : numbers
        How much was looked through.
    short_words : int
        How many of the words are too short to be told from chance in bare bytes.
    """

    traces: tuple[FileTrace, ...]
    mentions: tuple[Mention, ...]
    files: int
    megabytes: float
    tables: int
    columns: int
    short_words: int

    @property
    def is_clean(self) -> bool:
        """Tell whether he is named nowhere."""
        return not self.traces and not self.mentions


def scan_for(context: Context, words: Iterable[str], *, on_progress: Progress = lambda _: None) -> ScanResult:
    """Look through the whole workspace for words; that somebody looked is on the trail, the words are not.

    Parameters
    ----------
    on_progress : callable
        Told how many bytes were looked through since it was last told.

    Raises
    ------
    Forbidden
        The actor does not answer for personal data.
    WrongUse
        There is no word, or one is too short.
    """
    require_officer(context)
    found = scan(context, Sought(cleaned_words(words)), on_progress=on_progress)
    told = {"files": found.files, "tables": found.tables, "traces": len(found.traces) + len(found.mentions)}
    audit.record_read(context, action="workspace_scanned", subject="workspace", details=told)
    return found


def size_of(context: Context) -> int:
    """Give how many bytes the files of the workspace have together."""
    return sum(path.stat().st_size for path in files_of(context.workspace.root))


def scan(context: Context, sought: Sought, *, on_progress: Progress = lambda _: None) -> ScanResult:
    """Look through the whole workspace for a person, by somebody who was found entitled before."""
    found = walk(context.session.connection(), sought)
    known = Sought(sought.words, tuple(sorted(found.others)), sought.spared)
    traces: list[FileTrace] = []
    amounts: Counter[str] = Counter()
    root = context.workspace.root
    for path in files_of(root):
        traces += traces_in(path, root, known)
        size = path.stat().st_size if path.exists() else 0
        amounts.update(files=1, bytes=size)
        on_progress(size)
    return ScanResult(
        traces=tuple(traces),
        mentions=found.mentions,
        files=amounts["files"],
        megabytes=round(amounts["bytes"] / 1e6, 3),
        tables=found.tables,
        columns=found.columns,
        short_words=sum(1 for word in sought.words if len(word) < LEAST_RAW_LETTERS and word.isascii()),
    )
