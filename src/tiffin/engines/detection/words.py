"""Weigh the words of a column: names, streets, sentences, and the closed sets that say something of a person."""

from collections.abc import Callable, Iterator

from tiffin.engines.detection.headings import Heading, Other
from tiffin.engines.detection.kinds import Kind
from tiffin.engines.detection.names import weigh_name
from tiffin.engines.detection.samples import Evidence, Finding, Reading, folded, is_han
from tiffin.engines.detection.shapes import Shape
from tiffin.engines.detection.vocabulary import (
    BLOOD_TYPE,
    SETS,
    UNCLEAR,
    is_address,
    is_part_of_address,
    is_sentence,
)

NAMED = Evidence("name of the column", 1.0)
_NUMBERS = 0.9
_AGAINST = frozenset({Other.PLACE, Other.THING, Other.CODE})
_SETS_LEAST = 0.6
_NAMED_LEAST = 0.05
_FEW = 8
_VOCABULARY = 100
_LONG_WORD = 40


def weigh_words(reading: Reading, shape: Shape, heading: Heading) -> Iterator[Finding]:
    """Tell what the words of a column say; columns of numbers have none."""
    if shape.numeric >= _NUMBERS or shape.is_flag:
        yield from _part_of_address(reading, heading)
        return
    yield from _closed_sets(reading, heading)
    yield from _share_of(Kind.ADDRESS, "street and number", is_address, reading, heading, alone=0.4, named=0.1)
    yield from _part_of_address(reading, heading)
    yield from _share_of(Kind.FREE_TEXT, "sentences", is_sentence, reading, heading, alone=0.3, named=0.05)
    yield from _single_words(reading, heading)
    yield from _names(reading, heading)


def _share_of(
    kind: Kind,
    rule: str,
    holds: Callable[[str], bool],
    reading: Reading,
    heading: Heading,
    *,
    alone: float,
    named: float,
) -> Iterator[Finding]:
    share = reading.share(value for value in reading.counts if holds(value))
    is_named = kind in heading.kinds
    if share >= (named if is_named else alone) and len(reading.counts) >= min(reading.total, 3):
        yield _finding(kind, rule, share, named=is_named)


def _single_words(reading: Reading, heading: Heading) -> Iterator[Finding]:
    """Know a text that was taken apart, a word a row."""
    if Kind.FREE_TEXT in heading.kinds and len(reading.counts) >= _VOCABULARY:
        share = reading.share(value for value in reading.counts if value.isalpha())
        if share >= _SETS_LEAST:
            yield _finding(Kind.FREE_TEXT, "words of a text", share, named=True)


def _part_of_address(reading: Reading, heading: Heading) -> Iterator[Finding]:
    if Kind.ADDRESS in heading.kinds:
        share = reading.share(value for value in reading.counts if is_part_of_address(value))
        if share >= _NAMED_LEAST:
            yield _finding(Kind.ADDRESS, "part of an address", share, named=True)


def _closed_sets(reading: Reading, heading: Heading) -> Iterator[Finding]:
    told = {value: folded(value) for value in reading.counts if len(value) <= _LONG_WORD}
    for kind, words in SETS.items():
        named = kind in heading.kinds
        hits = [value for value, word in told.items() if word in words and (named or word not in UNCLEAR)]
        if kind is Kind.HEALTH:
            hits += [value for value in told if BLOOD_TYPE.fullmatch(value)]
        share = reading.share(hits)
        distinct = len(hits) / max(len(reading.counts), 1)
        if (named and share >= _NAMED_LEAST) or (share >= _SETS_LEAST and distinct >= 0.3 and len(hits) > 1):  # noqa: PLR2004 - some of the different words
            yield _finding(kind, f"words of {kind.value}", share, named=named)


def _names(reading: Reading, heading: Heading) -> Iterator[Finding]:
    weighed = {value: weigh_name(value) for value in reading.counts}
    formed = reading.share(value for value, (form, _) in weighed.items() if form)
    known = reading.share(value for value, (_, listed) in weighed.items() if listed)
    if _is_name_column(formed, known, reading, heading):
        yield _finding(Kind.PERSON_NAME, "known names", known, named=Kind.PERSON_NAME in heading.kinds)


def _is_name_column(formed: float, known: float, reading: Reading, heading: Heading) -> bool:
    if Kind.PERSON_NAME in heading.kinds:
        return formed >= 0.3 and known >= 0.04  # noqa: PLR2004 - few names, however rare they are
    if len(reading.counts) < _FEW:
        return False
    doubted = bool(heading.others & _AGAINST) or heading.is_business or bool(heading.kinds)
    if any(is_han(value) for value in reading.counts):
        return formed >= (0.75 if doubted else 0.6) and reading.distinct_share >= 0.05  # noqa: PLR2004 - surnames begin other words too
    return formed >= 0.5 and known >= (0.42 if doubted else 0.3)  # noqa: PLR2004 - a third of any names are common ones


def _finding(kind: Kind, rule: str, share: float, *, named: bool) -> Finding:
    evidence = (Evidence(rule, round(share, 4)), *((NAMED,) if named else ()))
    return Finding(kind, round(min(0.99, 0.55 + 0.3 * share + (0.14 if named else 0.0)), 3), evidence)
