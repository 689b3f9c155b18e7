"""Every file of a workspace looked through for words, whatever it is packed in: text, Parquet, archives, mail."""

import email
import email.policy
import gzip
import io
import mmap
import os
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from tiffin.capabilities.access.domain.people_traces import Sought

HEAD_BYTES = 8192
PIECE_BYTES = 4 << 20
OVERLAP_BYTES = 4096
"""So much of one piece is looked at again with the next, so that no word is cut in two; longer words there are none."""

GZIP, ZIP, PARQUET = b"\x1f\x8b", b"PK\x03\x04", b"PAR1"
_OF_DATABASES = (".db", ".db-wal", ".db-shm", ".db-journal")
_COPY = "import shutil, sys; shutil.copyfileobj(open(sys.argv[1], 'rb'), sys.stdout.buffer)"
_LEAST_DECIMALS = 3
"""A number of fewer decimals is a value of many people; with more it is looked for among numbers too."""


@dataclass(frozen=True, slots=True)
class FileTrace:
    """A file that names the person.

    Parameters
    ----------
    path : str
        Relative to the workspace.
    within : str
        Column, member of an archive or part of a mail; empty for the file itself.
    """

    path: str
    within: str
    count: int


def files_of(root: Path) -> Iterator[Path]:
    """Give every file of a folder, in order; links are not followed, so that none is read twice or outside."""
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            path = Path(folder) / name
            if path.is_file() and not path.is_symlink():
                yield path


def traces_in(path: Path, root: Path, sought: Sought) -> list[FileTrace]:
    """Give where in a file a person is named; a file that is gone meanwhile holds nothing."""
    counts: Counter[str] = Counter()
    with suppress(FileNotFoundError):
        counts = _counted(path, sought)
    name = path.relative_to(root).as_posix()
    found = [FileTrace(name, within, count) for within, count in sorted(counts.items())]
    if sought.count_in(name):
        found.append(FileTrace(sought.without(name, dict.fromkeys(sought.words, "…")), "name of the file", 1))
    return found


def _counted(path: Path, sought: Sought) -> "Counter[str]":
    if path.name.endswith(_OF_DATABASES):
        return _in_database(path, sought)
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        if not head:
            return Counter()
        if head.startswith(PARQUET):
            with suppress(pa.ArrowException, OSError):
                return _in_parquet(parquet.ParquetFile(path), sought)
        file.seek(0)
        if head.startswith(GZIP):
            with suppress(OSError, EOFError):
                return _in_stream(gzip.GzipFile(fileobj=file), sought, "unpacked")
        if head.startswith(ZIP):
            with suppress(zipfile.BadZipFile, OSError, RuntimeError):
                return _in_zip(zipfile.ZipFile(file), sought)
        found = +Counter({"": _in_bytes(file, head, sought)})
        if path.suffix == ".eml":
            file.seek(0)
            found += _in_mail(file.read(), sought)
        return found


def _in_database(path: Path, sought: Sought) -> "Counter[str]":
    """Look through a file of a database, which another process reads.

    Notes
    -----
    Closing a file lets go of every lock that the process holds on it (POSIX, fcntl), those of an open database too.
    Another process that used the database and left would then take itself for the last and remove its journal, and what
    this one wrote from then on nobody would see. See "How To Corrupt An SQLite Database File", 2.2, at sqlite.org.
    """
    command = [sys.executable, "-c", _COPY, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reader:  # noqa: S603 - ours
        assert reader.stdout is not None  # noqa: S101 - asked for above
        return _in_stream(reader.stdout, sought, "", is_bytes=True)


def _in_bytes(file: Any, head: bytes, sought: Sought) -> int:
    pattern = sought.in_bytes if b"\0" in head else sought.in_text_bytes
    if pattern is None:
        return 0
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        return sum(1 for found in pattern.finditer(held) if found.lastgroup)


def _in_stream(stream: Any, sought: Sought, within: str, *, is_bytes: bool = False) -> "Counter[str]":
    """Look through what is unpacked, a piece at a time."""
    counts: Counter[str] = Counter()
    before = b""
    while piece := stream.read(PIECE_BYTES):
        whole = before + piece
        pattern = sought.in_bytes if is_bytes or b"\0" in whole[:HEAD_BYTES] else sought.in_text_bytes
        if pattern is None:
            return counts
        counts[within] += sum(1 for one in pattern.finditer(whole) if one.lastgroup and one.end() > len(before))
        before = whole[-OVERLAP_BYTES:]
    return +counts


def _in_zip(archive: zipfile.ZipFile, sought: Sought) -> "Counter[str]":
    counts: Counter[str] = Counter()
    for member in archive.infolist():
        with archive.open(member) as stream:
            counts += _in_stream(stream, sought, member.filename)
    return counts


def _in_mail(content: bytes, sought: Sought) -> "Counter[str]":
    """Look through the parts of a mail, which are encoded so that it can travel."""
    counts: Counter[str] = Counter()
    mail = email.message_from_bytes(content, policy=email.policy.default)
    for part in mail.walk():
        told = [str(value) for value in part.values()]
        if part.get_content_maintype() == "text":
            told.append(str(part.get_content()))
        counts[part.get_content_type()] += sum(sought.count_in(text) for text in told)
    return +counts


def _in_parquet(file: parquet.ParquetFile, sought: Sought) -> "Counter[str]":
    counts: Counter[str] = Counter()
    notes = file.metadata.metadata or {}
    counts["notes"] += sum(sought.count_in(value.decode("utf-8", "replace")) for value in notes.values())
    for group in range(file.num_row_groups):
        rows = file.read_row_group(group)
        for field in rows.schema:
            for chunk in rows.column(field.name).chunks:
                counts[field.name] += sum(_in_array(part, sought) for part in _flat(chunk))
    return +counts


def _flat(array: pa.Array) -> Iterator[pa.Array]:
    """Give the plain arrays of which an array of lists, structures or maps is made."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        yield from _flat(array.dictionary_decode())
    elif pa.types.is_struct(kind):
        for child in array.flatten():
            yield from _flat(child)
    elif pa.types.is_map(kind):
        yield from _flat(array.keys)
        yield from _flat(array.items)
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        yield from _flat(array.flatten())
    else:
        yield array


def _in_array(array: pa.Array, sought: Sought) -> int:
    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _in_texts(array, sought)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        pattern = sought.in_bytes
        whole = io.BytesIO(b"\0".join(value for value in array.to_pylist() if value is not None)).getbuffer()
        return sum(1 for one in pattern.finditer(whole) if one.lastgroup) if pattern else 0
    return sum(_equal_to(array, word) for word in sought.words)


def texts_naming(table: pa.Table, sought: Sought) -> "Counter[tuple[str, str]]":
    """Count by column the texts of a table that name the person and are not spared."""
    counts: Counter[tuple[str, str]] = Counter()
    for field in table.schema:
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            for chunk in table.column(field.name).chunks:
                counts.update({(field.name, text): count for text, count in _named_texts(chunk, sought)})
    return counts


def _in_texts(array: pa.Array, sought: Sought) -> int:
    return sum(count for _, count in _named_texts(array, sought))


def _named_texts(array: pa.Array, sought: Sought) -> Iterator[tuple[str, int]]:
    # The engine's own search rules most values out; it knows no letters before and after, which Python then looks at.
    hits = None
    for word in sought.words:
        fold = pc.match_substring(array, word, ignore_case=True)
        loose = fold if word.isascii() and word.isalnum() else pc.or_(fold, pc.match_substring_regex(array, r"[%\\&+]"))
        hits = loose if hits is None else pc.or_(hits, loose)
    values = pc.value_counts(array.filter(hits)) if hits is not None else []
    for one in values:
        text = one["values"].as_py() or ""
        if sought.count_in(text) and not sought.is_spared(text):
            yield text, one["counts"].as_py()


def _equal_to(array: pa.Array, word: str) -> int:
    """Count the values that are the number or the instant that a word spells."""
    value: Any = None
    if pa.types.is_floating(array.type) and len(word.partition(".")[2]) >= _LEAST_DECIMALS:
        with suppress(ValueError):
            value = float(word)
    elif pa.types.is_timestamp(array.type) and len(word) > len("2026-01-01"):
        with suppress(ValueError):
            moment = datetime.fromisoformat(word)
            value = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if value is None:
        return 0
    return int(pc.sum(pc.equal(array, pa.scalar(value, array.type))).as_py() or 0)
