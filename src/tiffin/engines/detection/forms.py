"""Weigh the forms of a column's values: phones, identity numbers, cards, coordinates, plates."""

from collections.abc import Iterator
from statistics import fmean, pstdev

from tiffin.engines.detection.headings import Heading, Other
from tiffin.engines.detection.kinds import Kind
from tiffin.engines.detection.patterns import FORMS, Form, has_email, has_phone
from tiffin.engines.detection.samples import Evidence, Finding, Reading
from tiffin.engines.detection.shapes import Shape

NAMED = Evidence("name of the column", 1.0)
_DOUBTED = 0.25
"""How much more of the values must speak for a kind when the column's name says something else."""

_DOUBTFUL = frozenset({Other.CODE, Other.MEASURE, Other.TIME, Other.THING, Other.PLACE})
_UNPROVEN = frozenset({"mobile number of a country", "country's code without a sign", "phone as people write it"})
_NUMBERED = frozenset({Kind.PHONE, Kind.NATIONAL_ID, Kind.PAYMENT_CARD, Kind.COMPANY_ID})
_BEGINNING = 4
_WITHIN = 0.02
_CITY_DEGREES = 3.0
_FINE = 4
_MANY = 0.8
_FINE_PLACES = 30
_ASKED = 12


def weigh_forms(reading: Reading, shape: Shape, heading: Heading) -> Iterator[Finding]:
    """Tell which kinds a column's values have the form of, often enough."""
    for form in FORMS:
        if not _is_worth_trying(form, shape, heading):
            continue
        hits = [value for value in reading.counts if form.matches(value)]
        share = reading.share(hits)
        named = form.kind in heading.kinds
        if hits and share >= _least(form, heading) and not _is_chance(form, hits, shape, named=named):
            yield _finding(form.kind, form.rule, share, named=named)
    yield from _within(reading)
    yield from _plane(shape, heading)
    yield from _lone_axis(reading, shape, heading)


def _is_worth_trying(form: Form, shape: Shape, heading: Heading) -> bool:
    named = form.kind in heading.kinds
    if form.only_named and not named:
        return False
    return named or not (form.kind in _NUMBERED and (shape.is_epoch or (shape.stamps > _MANY)))


def _least(form: Form, heading: Heading) -> float:
    if form.kind in heading.kinds:
        return form.named
    doubted = bool(heading.kinds - {form.kind}) or bool(heading.others & _DOUBTFUL)
    return min(form.alone + _DOUBTED, 0.95) if doubted and form.rule in _UNPROVEN else form.alone


def _is_chance(form: Form, hits: list[str], shape: Shape, *, named: bool) -> bool:
    """Tell whether numbers that somebody counted have the form by chance."""
    if named or form.kind not in _NUMBERED:
        return False
    alike = len({hit[:_BEGINNING] for hit in hits}) < min(len(hits), _BEGINNING)
    return form.rule in _UNPROVEN and (shape.is_counted or alike)


def _finding(kind: Kind, rule: str, share: float, *, named: bool) -> Finding:
    evidence = (Evidence(rule, round(share, 4)), *((NAMED,) if named else ()))
    return Finding(kind, round(min(0.99, 0.55 + 0.3 * share + (0.14 if named else 0.0)), 3), evidence)


def _within(reading: Reading) -> Iterator[Finding]:
    """Find phones and addresses of mail inside longer texts."""
    long = [value for value in reading.counts if len(value) > _ASKED and (" " in value or not value.isascii())]
    for kind, has, rule in (
        (Kind.EMAIL, has_email, "address of mail within a text"),
        (Kind.PHONE, has_phone, "phone within a text"),
    ):
        share = reading.share(
            value for value in long if has(value) and any(mark.isalpha() for mark in value.split("@")[0])
        )
        if share >= _WITHIN:
            yield _finding(kind, rule, share, named=False)


def _plane(shape: Shape, heading: Heading) -> Iterator[Finding]:
    """Take numbers of a plane for places where the column is called so and they are fine enough to tell one."""
    if Kind.COORDINATES in heading.kinds and shape.numeric >= _MANY and shape.distinct >= _FINE_PLACES:
        yield _finding(Kind.COORDINATES, "places in a plane", shape.numeric, named=True)


def _lone_axis(reading: Reading, shape: Shape, heading: Heading) -> Iterator[Finding]:
    """Know one axis of places in a city without its name: fine decimals that hardly differ."""
    if Kind.COORDINATES in heading.kinds or shape.numeric < _MANY or heading.kinds & {Kind.MONEY, Kind.OPEN_FACT}:
        return
    values = [value for value in reading.counts if "." in value and len(value.partition(".")[2]) >= _FINE]
    if len(values) < _ASKED or reading.share(values) < _MANY:
        return
    numbers = [
        float(value) for value in values if value.count(".") == 1 and "," not in value and "e" not in value.lower()
    ]
    if not numbers or max(map(abs, numbers)) > 180:  # noqa: PLR2004 - degrees of longitude
        return
    spread = pstdev(numbers)
    if 0 < spread < min(_CITY_DEGREES, abs(fmean(numbers)) / 40):
        yield _finding(Kind.COORDINATES, "degrees that hardly differ", reading.share(values), named=False)
