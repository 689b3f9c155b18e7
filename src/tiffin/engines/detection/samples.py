"""A column's sample as the detectors read it, and what they say of it."""

# ruff: noqa: RUF001, RUF002 - Arabic and Chinese writing and the marks of foreign keyboards are meant

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tiffin.engines.detection.kinds import Kind
from tiffin.kernel.contract import Classification

_EMPTY = frozenset(
    {"", "-", "--", "n/a", "na", "nan", "none", "null", "nil", "unknown", "nat", "?", "لا يوجد", "غير معروف"}
)
_EMPTY_MORE = frozenset({"无", "無", "未知", "不详", "不詳", "nao informado", "não informado", "sem", ".", "n.a."})
_MARKS = dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u0640")
)
_DASHES = {ord(mark): "-" for mark in "‐‑‒–—―−"}
_DIGITS = {ord(mark): str(place % 10) for place, mark in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
_PLAIN = {**_MARKS, **_DASHES, **_DIGITS, ord("٫"): ".", ord("،"): ","}
_WHOLE = re.compile(r"-?\d+\.0")
_ARABIC = re.compile("[\u0600-\u06ff]")
_HAN = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Sample:
    """A column with some of its values.

    Parameters
    ----------
    name : str
        As its file or table writes it; may say nothing, or the wrong thing.
    values : sequence of object
        As they come: text, numbers, dates, None.
    table : str
        Name of the table or file, which may say of whom its rows speak.
    """

    name: str
    values: Sequence[object]
    table: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a kind is proposed.

    Parameters
    ----------
    rule : str
        Which of the detector's rules: ``check digits``, ``name of the column``...
    share : float
        Share of the values with anything in them that the rule holds for; 0 to 1.
    """

    rule: str
    share: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind that a column is believed to hold, how sure that is (0 to 1), and why."""

    kind: Kind
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ColumnProposal:
    """What is proposed for a column.

    Parameters
    ----------
    findings : tuple of Finding
        The surest first; none where nothing speaks for any.
    about_person : bool
        The row describes one person, so that every value in it does.
    """

    name: str
    proposed: Classification
    findings: tuple[Finding, ...]
    filled: int
    about_person: bool = False

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds that were found."""
        return frozenset(finding.kind for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Reading:
    """The values of a sample in one plain form, each different one with how often it stands there.

    Parameters
    ----------
    counts : dict of str to int
        Western digits, plain hyphens, no invisible marks; empty values and words for nothing are left out.
    total : int
        Values with anything in them.
    """

    counts: dict[str, int]
    total: int
    in_order: tuple[str, ...]

    def share(self, hits: Iterable[str]) -> float:
        """Give the share of the values that are one of these different ones."""
        return sum(self.counts[value] for value in hits) / self.total if self.total else 0.0

    @property
    def distinct_share(self) -> float:
        """Different values per value: near 1 for keys and names, near 0 for closed sets."""
        return len(self.counts) / self.total if self.total else 0.0


def read(values: Iterable[object]) -> Reading:
    """Bring the values of a sample into plain form."""
    told = [plain(value) for value in values]
    kept = tuple(value for value in told if value.casefold() not in _EMPTY and value not in _EMPTY_MORE)
    return Reading(dict(Counter(kept)), len(kept), kept)


def plain(value: object) -> str:
    """Write one value plainly.

    Examples
    --------
    >>> plain(" ٠٥٥ ١٢٣ ")
    '055 123'
    >>> plain(966501234567.0)
    '966501234567'
    """
    if value is None:
        return ""
    text = repr(value) if isinstance(value, float) else str(value)
    if _WHOLE.fullmatch(text):
        text = text[:-2]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_PLAIN)
    return text.strip()


def folded(text: str) -> str:
    """Write a text without case and accents, for comparing.

    Examples
    --------
    >>> folded("São João")
    'sao joao'
    """
    if text.isascii():
        return text.lower()
    return "".join(mark for mark in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(mark))


def is_arabic(text: str) -> bool:
    """Tell whether there is an Arabic letter in it."""
    return not text.isascii() and bool(_ARABIC.search(text))


def is_han(text: str) -> bool:
    """Tell whether there is a Chinese character in it."""
    return not text.isascii() and bool(_HAN.search(text))
