"""Propose what columns hold: the forms of their values, their names, and what else stands in the table."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tiffin.engines.detection.dates import weigh_dates
from tiffin.engines.detection.forms import weigh_forms
from tiffin.engines.detection.headings import Heading, Other, read_heading
from tiffin.engines.detection.kinds import ORDER, Kind, class_of, is_stricter
from tiffin.engines.detection.samples import ColumnProposal, Evidence, Finding, Reading, Sample, read
from tiffin.engines.detection.shapes import Shape, shape_of
from tiffin.engines.detection.words import weigh_words
from tiffin.kernel.contract import Classification

BY_NAME = "name of the column"
OF_TABLE = "the row describes one person"
SURE = 0.5
"""Findings that are less sure than this propose nothing."""

_NAMED_ALONE = 0.6
_TRAITS_OF_A_PERSON = 3
_BY_NAME_ONLY = frozenset(
    {Kind.FREE_TEXT, Kind.PERSON_KEY, Kind.MONEY, Kind.OPEN_FACT, Kind.TRAIT, Kind.HEALTH, Kind.BELIEF, Kind.MISCONDUCT}
)
_EMPTY_BY_NAME = _BY_NAME_ONLY | {
    Kind.PHONE,
    Kind.EMAIL,
    Kind.PERSON_NAME,
    Kind.NATIONAL_ID,
    Kind.PASSPORT,
    Kind.IBAN,
    Kind.BIRTH_DATE,
}
_EMPTY_TOO = _EMPTY_BY_NAME | {
    Kind.ADDRESS,
    Kind.COORDINATES,
    Kind.IP_ADDRESS,
    Kind.FREE_TEXT,
    Kind.PLATE,
    Kind.PAYMENT_CARD,
}
_AGAINST_KEY = frozenset({Other.TIME, Other.MEASURE, Other.THING})
_NO_MORE_THAN_OPEN = 0.3
_FLAGS = (0, 2)


def detect(sample: Sample) -> ColumnProposal:
    """Propose what one column holds, and how far it may travel.

    A kind is proposed by what its values prove, by its name, or by both; a name alone proposes where the values cannot
    speak (keys, amounts), or where there are none.
    """
    reading = read(sample.values)
    heading = read_heading(sample.name, sample.table)
    findings = _findings(reading, heading) if reading.total else _by_name(heading, _EMPTY_TOO)
    kept = tuple(sorted((f for f in findings if f.confidence >= SURE), key=lambda f: (-f.confidence, f.kind)))
    kept = _settled(kept)
    return ColumnProposal(sample.name, _proposed(kept, heading), kept, reading.total)


def detect_table(samples: Sequence[Sample]) -> tuple[ColumnProposal, ...]:
    """Propose what the columns of one table hold.

    Where a row gives several traits of a person (age, sex, income...), whatever else it says is said of that person.
    """
    found = tuple(detect(sample) for sample in samples)
    traits = sum(Kind.TRAIT in one.kinds or Kind.BIRTH_DATE in one.kinds for one in found)
    if traits < _TRAITS_OF_A_PERSON:
        return found
    return tuple(_of_person(one) for one in found)


def _of_person(one: ColumnProposal) -> ColumnProposal:
    if is_stricter(one.proposed, Classification.CONFIDENTIAL) or Kind.OPEN_FACT in one.kinds:
        return replace(one, about_person=True)
    return replace(one, proposed=Classification.PERSONAL, about_person=True)


def _findings(reading: Reading, heading: Heading) -> list[Finding]:
    shape = shape_of(reading)
    found: dict[Kind, Finding] = {}
    for weigh in (weigh_forms, weigh_dates, weigh_words):
        for finding in weigh(reading, shape, heading):
            known = found.get(finding.kind)
            found[finding.kind] = _joined(known, finding) if known else finding
    named = [finding for finding in _by_name(heading, _BY_NAME_ONLY) if finding.kind not in found]
    return [*found.values(), *(finding for finding in named if _may_be(finding.kind, shape, heading))]


def _joined(one: Finding, other: Finding) -> Finding:
    return Finding(one.kind, max(one.confidence, other.confidence), one.evidence + other.evidence)


def _by_name(heading: Heading, kinds: Iterable[Kind]) -> list[Finding]:
    return [
        Finding(kind, _NAMED_ALONE, (Evidence(BY_NAME, 0.0),))
        for kind in ORDERED
        if kind in heading.kinds and kind in kinds
    ]


def _may_be(kind: Kind, shape: Shape, heading: Heading) -> bool:
    """Tell whether the values could be what the name alone says."""
    if kind is Kind.PERSON_KEY:
        return shape.is_keylike and not heading.others & _AGAINST_KEY and shape.distinct not in _FLAGS
    if kind is Kind.MONEY:
        return shape.numeric >= _NO_MORE_THAN_OPEN and not shape.is_flag
    if kind is Kind.FREE_TEXT:
        return not shape.is_keylike and shape.numeric < _NO_MORE_THAN_OPEN
    if kind is Kind.MISCONDUCT:
        return not shape.numeric
    return True


def _settled(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Leave out what a surer kind explains."""
    kinds = {finding.kind for finding in findings}
    out: set[Kind] = set()
    if kinds & _PROVEN:
        out |= {Kind.PERSON_KEY, Kind.MONEY, Kind.OPEN_FACT, Kind.TRAIT}
    if Kind.PERSON_NAME in kinds:
        out |= {Kind.PERSON_KEY}
    if Kind.FREE_TEXT in kinds:
        out |= {Kind.ADDRESS, Kind.PERSON_NAME, Kind.OPINION}
    if kinds & {Kind.HEALTH, Kind.BELIEF}:
        out |= {Kind.TRAIT}
    if Kind.ADDRESS in kinds:
        out |= {Kind.PERSON_NAME}
    if Kind.TRAIT in kinds:
        out |= {Kind.OPEN_FACT, Kind.MONEY}
    if Kind.COORDINATES in kinds:
        out |= {Kind.MONEY, Kind.OPEN_FACT}
    return tuple(finding for finding in findings if finding.kind not in out)


def _proposed(findings: tuple[Finding, ...], heading: Heading) -> Classification:
    classes = [
        class_of(finding.kind, is_business=heading.is_business and not heading.is_person) for finding in findings
    ]
    return max(classes, key=ORDER.index) if classes else Classification.INTERNAL


ORDERED = tuple(Kind)
_PROVEN = frozenset(
    {
        Kind.PHONE,
        Kind.EMAIL,
        Kind.NATIONAL_ID,
        Kind.COMPANY_ID,
        Kind.PASSPORT,
        Kind.IBAN,
        Kind.PAYMENT_CARD,
        Kind.BIRTH_DATE,
    }
    | {Kind.IP_ADDRESS, Kind.PLATE}
)
