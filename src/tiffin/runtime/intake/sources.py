"""Which files were handed in: single files, folders, and archives read member by member without unpacking to disk."""

import fnmatch
import hashlib
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from tiffin.kernel.errors import InvalidData, NotFound
from tiffin.runtime.intake.limits import DEFAULT_LIMITS, Limits

TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read, wherever it lies.

    Parameters
    ----------
    name : str
        Path as the person gave it, with the member's path behind ``!`` for an archive.
    folder : str
        Name of the folder that holds it, ``""`` where none is known.
    path : str
        Path below the folder or archive handed in, with forward slashes.
    size : int
        Bytes as it lies there.
    """

    name: str
    folder: str
    path: str
    size: int
    opened: Callable[[], BinaryIO]

    def matches(self, pattern: str) -> bool:
        """Tell whether a shell pattern speaks of this file; one without a slash of its name alone, ``.gz`` aside."""
        wanted = PurePosixPath(self.path)
        depth = pattern.count("/") + 1
        tail = "/".join(wanted.parts[-depth:])
        return any(fnmatch.fnmatchcase(t.lower(), pattern.lower()) for t in (tail, tail.removesuffix(".gz")))

    def sha256(self) -> str:
        """Compute the digest of the file as it lies there."""
        digest = hashlib.sha256()
        with self.opened() as raw:
            while chunk := raw.read(1 << 20):
                digest.update(chunk)
        return digest.hexdigest()


def find_sources(paths: Iterable[Path], *, limits: Limits = DEFAULT_LIMITS) -> tuple[SourceFile, ...]:
    """List the files under some paths, in a stable order.

    Raises
    ------
    NotFound
        A path does not exist.
    InvalidData
        An archive is damaged, holds too much, or holds members that point outside it.
    """
    return tuple(source for path in paths for source in _sources_of(path, limits))


def _sources_of(path: Path, limits: Limits) -> Iterator[SourceFile]:
    if path.is_dir():
        yield from _folder(path)
    elif not path.is_file():
        raise NotFound(f"A file or folder was expected at {path}, and there is none. Check the path and try again.")
    elif path.name.lower().endswith(TAR_SUFFIXES):
        yield from _tar(path, limits)
    elif path.suffix.lower() == ".zip":
        yield from _zip(path, limits)
    else:
        yield SourceFile(str(path), path.resolve().parent.name, path.name, path.stat().st_size, lambda: path.open("rb"))


def _folder(folder: Path) -> Iterator[SourceFile]:
    root = folder.resolve()
    for path in sorted(root.rglob("*")):
        if not path.is_file():
            continue
        if not path.resolve().is_relative_to(root):
            raise InvalidData(
                f"{path} is a link to a file outside {folder}. Nothing was loaded. Remove the link, or name the file "
                "itself."
            )
        inside = path.relative_to(root)
        holder = inside.parent.name or root.name
        yield SourceFile(str(path), holder, inside.as_posix(), path.stat().st_size, _opener(path))


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


def _zip(path: Path, limits: Limits) -> Iterator[SourceFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, OSError) as error:
        raise InvalidData(
            f"{path} was expected to be a zip archive and could not be read ({error}). Fetch it again."
        ) from error
    _check_count(path, len(members), limits)
    for member in members:
        is_link = stat.S_ISLNK(member.external_attr >> 16)
        _check_member(path, member.filename, is_plain=not is_link)
        _check_expansion(path, member.filename, member.compress_size, member.file_size, limits)
        yield _member(path, member.filename, member.file_size, _zip_opener(path, member.filename))


def _zip_opener(path: Path, member: str) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        try:
            return cast("BinaryIO", zipfile.ZipFile(path).open(member))
        except (RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
            raise InvalidData(
                f"{path}: the member {member} could not be unpacked ({error}). Unpack the archive yourself."
            ) from error

    return opened


def _tar(path: Path, limits: Limits) -> Iterator[SourceFile]:
    members: list[tarfile.TarInfo] = []
    unpacked = 0
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                _check_member(path, member.name, is_plain=member.isfile() or member.isdir())
                unpacked += member.size
                _check_expansion(path, member.name, path.stat().st_size, unpacked, limits)
                _check_count(path, len(members), limits)
                members += [member] if member.isfile() else []
    except (tarfile.TarError, EOFError, OSError) as error:
        reason = str(error).splitlines()[0].rstrip(":")
        raise InvalidData(
            f"{path} was expected to be a tar archive and could not be read ({reason}). Fetch it again."
        ) from error
    for member in sorted(members, key=lambda found: found.name):
        yield _member(path, member.name, member.size, _tar_opener(path, member.name))


def _tar_opener(path: Path, member: str) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        return cast("BinaryIO", tarfile.open(path).extractfile(member))

    return opened


def _member(archive: Path, name: str, size: int, opened: Callable[[], BinaryIO]) -> SourceFile:
    return SourceFile(
        f"{archive}!{name}", PurePosixPath(name).parent.name, PurePosixPath(name).as_posix(), size, opened
    )


def _check_count(path: Path, count: int, limits: Limits) -> None:
    if count > limits.members:
        raise InvalidData(f"{path} holds more than {limits.members:,} files; unpack it and load the folder in parts.")


def _check_member(path: Path, name: str, *, is_plain: bool) -> None:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    outside = name.startswith(("/", "\\")) or ".." in parts or (parts and ":" in parts[0]) or "\0" in name
    if outside or not is_plain:
        what = "points outside the archive" if outside else "is a link or a device and not a file"
        raise InvalidData(
            f"{path}: the member {name!r} {what}. Nothing of the archive was loaded. Ask its maker for one of plain "
            "files."
        )


def _check_expansion(path: Path, name: str, packed: int, unpacked: int, limits: Limits) -> None:
    if unpacked > limits.expansion_after and unpacked > limits.expansion * max(packed, 1):
        raise InvalidData(
            f"{path}: the member {name!r} says it unpacks to {unpacked:,} bytes from {packed:,}, as a compression "
            "bomb does. "
            "Nothing of the archive was loaded. Unpack it yourself if you trust it."
        )
