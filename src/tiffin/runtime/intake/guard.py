"""A byte stream that is watched while it is read: encodings, byte-order marks, endless lines, compression bombs."""

import codecs
import gzip
import io
import zlib
from collections.abc import Callable
from typing import BinaryIO

from tiffin.kernel.errors import InvalidData
from tiffin.runtime.intake.limits import DEFAULT_LIMITS, Limits

CHUNK = 1 << 20
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
GZIP_MAGIC = b"\x1f\x8b"


class GuardedText(io.RawIOBase):
    """The text of a file as UTF-8 without byte-order mark, refused as soon as it cannot be what it says.

    Parameters
    ----------
    opened : callable
        Opens the file as it lies on disk, compressed or not.
    name : str
        How messages call the file.
    encoding : str
        Encoding that the feed states; a byte-order mark in the file wins.
    separator : str
        What stands between cells.
    on_bytes : callable
        Told how many bytes of the file on disk were read since the last call.
    """

    def __init__(
        self,
        opened: Callable[[], BinaryIO],
        *,
        name: str,
        encoding: str = "utf-8",
        separator: str = ",",
        limits: Limits = DEFAULT_LIMITS,
        on_bytes: Callable[[int], None] = lambda _count: None,
    ) -> None:
        super().__init__()
        self._name, self._limits, self._separator = name, limits, separator.encode()
        self._raw = _Counted(opened(), on_bytes)
        self._source = self._decompressed()
        self._pending = b""
        self._lines = 0
        head = self._unpacked(4)
        self._bom, self._encoding = next(((mark, enc) for mark, enc in BOMS if head.startswith(mark)), (b"", encoding))
        self._decoder = codecs.getincrementaldecoder(self._encoding)("strict")
        self._ready = bytearray()
        self._pending = head[len(self._bom) :]
        self._out = 0
        self._line_bytes = 0
        self._line_separators = 0
        self._ended = False
        self.has_quotes = False
        """Whether a quotation mark was seen so far; without one no cell holds a line break."""
        self.has_nul = False
        """Whether a NUL byte was seen so far."""

    def readable(self) -> bool:
        """Tell that this is for reading."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # io types the buffer more widely
        """Fill the buffer with checked text."""
        while len(self._ready) < len(buffer) and not self._ended:
            self._take(self._next_chunk())
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        del self._ready[:count]
        return count

    def close(self) -> None:
        """Let go of the file."""
        self._raw.close()
        super().close()

    def _decompressed(self) -> BinaryIO:
        self._raw.start = _filled(self._raw, 2)
        self._raw.replay = self._raw.start
        if self._raw.start == GZIP_MAGIC:
            return gzip.GzipFile(fileobj=self._raw)  # type: ignore[return-value]  # GzipFile is a BinaryIO in all but name
        return self._raw  # type: ignore[return-value]  # the same

    def _next_chunk(self) -> bytes:
        head, self._pending = self._pending, b""
        chunk = head + self._unpacked(CHUNK)
        self._out += len(chunk)
        self._check_expansion()
        return chunk

    def _unpacked(self, size: int) -> bytes:
        try:
            return _filled(self._source, size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InvalidData(
                f"{self._name} is compressed with gzip and ends too early or is damaged after line {self._lines + 1} "
                f"({error}). Nothing of it was loaded. Fetch the file again."
            ) from error

    def _take(self, chunk: bytes) -> None:
        self._ended = not chunk
        try:
            text = self._decoder.decode(chunk, final=self._ended)
        except UnicodeDecodeError as error:
            line = self._lines + 1 + chunk[: max(error.start, 0)].count(b"\n")
            raise InvalidData(
                f"{self._name} was expected in the encoding {self._encoding}; near line {line} stands the byte "
                f"0x{error.object[error.start]:02x}, which that encoding does not have there. Nothing of it was "
                "loaded. "
                "State the file's own encoding in the feed (for instance `encoding: windows-1252`)."
            ) from error
        encoded = chunk if self._is_plain(chunk, text) else text.encode()
        self._inspect(encoded)
        self._ready += encoded

    def _is_plain(self, chunk: bytes, text: str) -> bool:
        return self._encoding in ("utf-8", "utf8", "ascii") and text.isascii() and len(text) == len(chunk)

    def _inspect(self, encoded: bytes) -> None:
        self.has_quotes = self.has_quotes or b'"' in encoded
        self.has_nul = self.has_nul or b"\0" in encoded
        self._check_lines(encoded)

    def _check_lines(self, encoded: bytes) -> None:
        """Look at the line that goes on from the chunk before, at those inside, and at the one that has no end yet."""
        first, last = encoded.find(b"\n"), encoded.rfind(b"\n")
        self._go_on(encoded if first < 0 else encoded[:first])
        if first < 0:
            return
        if _holds_long_line(encoded[first : last + 1], self._limits.separators):
            for line in encoded[first + 1 : last].split(b"\n"):
                self._check_line(len(line), line.count(self._separator))
        self._lines += encoded.count(b"\n")
        self._line_bytes = self._line_separators = 0
        self._go_on(encoded[last + 1 :])

    def _go_on(self, part: bytes) -> None:
        self._line_bytes += len(part)
        self._line_separators += part.count(self._separator)
        self._check_line(self._line_bytes, self._line_separators)

    def _check_line(self, size: int, separators: int) -> None:
        limits = self._limits
        if size <= limits.line_bytes and separators <= limits.separators:
            return
        found = (
            f"longer than {limits.line_bytes:,} bytes"
            if size > limits.line_bytes
            else f"of more than {limits.separators:,} cells"
        )
        raise InvalidData(
            f"{self._name}: a line near line {self._lines + 1} is {found}, which no row of facts is. Nothing of the "
            "file was "
            "loaded. Check that it is the right file, with line ends and closed quotation marks."
        )

    def _check_expansion(self) -> None:
        limits = self._limits
        bomb = self._out > limits.expansion_after and self._out > limits.expansion * max(self._raw.count, 1)
        if bomb or self._out > limits.total_bytes:
            raise InvalidData(
                f"{self._name} unpacks to more than {limits.expansion} times its size ({self._raw.count:,} bytes "
                "became "
                f"{self._out:,} so far), as a compression bomb does. Nothing of it was loaded. Unpack it yourself if "
                "you trust it."
            )


class _Counted(io.RawIOBase):
    """A file that tells how many of its bytes were read and can give its first bytes once more."""

    def __init__(self, raw: BinaryIO, on_bytes: Callable[[int], None]) -> None:
        super().__init__()
        self._raw, self._on_bytes = raw, on_bytes
        self.count = 0
        self.start = b""
        self.replay = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # io types the buffer more widely
        chunk = self._next(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._raw.close()
        super().close()

    def _next(self, size: int) -> bytes:
        if self.replay:
            chunk, self.replay = self.replay[:size], self.replay[size:]
            return chunk
        chunk = self._raw.read(size)
        self.count += len(chunk)
        self._on_bytes(len(chunk))
        return chunk


def _filled(source: BinaryIO | io.RawIOBase, size: int) -> bytes:
    head = b""
    while len(head) < size:
        more = source.read(size - len(head))
        if not more:
            break
        head += more
    return head


def _holds_long_line(encoded: bytes, bound: int) -> bool:
    size = len(encoded)
    if size <= bound:
        return False
    # A line longer than the bound covers the middle of anything shorter than two bounds.
    if size < 2 * bound and encoded.find(b"\n", size - bound, bound) >= 0:
        return False
    return max(map(len, encoded.split(b"\n")), default=0) > bound
