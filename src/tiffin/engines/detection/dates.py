"""Know dates of birth: by the column's name, or by how far back and how widely they lie."""

import re
from collections.abc import Iterator

from tiffin.engines.detection.headings import Heading
from tiffin.engines.detection.kinds import Kind
from tiffin.engines.detection.samples import Evidence, Finding, Reading
from tiffin.engines.detection.shapes import Shape

_DATE = re.compile(
    r"(?P<first>(?:1[89]|20)\d{2})"
    r"(?:[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|)(?P<clock>[ T]\d{2}:\d{2}.*)?"
    r"|\d{1,2}[-/. ](?:\d{1,2}|[^\W\d_]{3,9})[-/. ](?P<last>(?:1[89]|20)\d{2})"
    r"|(?P<hijri>1[34]\d{2})[-/]\d{1,2}[-/]\d{1,2}"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](?P<short>\d{2})"
)
_OLD = 1985
_GROWN = 2013
_WIDE = 25
_NAMED = 0.2
_ALONE = 0.6


def weigh_dates(reading: Reading, shape: Shape, heading: Heading) -> Iterator[Finding]:
    """Tell whether the dates of a column are those on which people were born."""
    named = Kind.BIRTH_DATE in heading.kinds
    found = {value: match for value in reading.counts if (match := _DATE.fullmatch(value))}
    share = reading.share(found)
    if named and share >= _NAMED:
        yield Finding(
            Kind.BIRTH_DATE,
            round(0.7 + 0.29 * share, 3),
            (Evidence("dates", round(share, 4)), Evidence("name of the column", 1.0)),
        )
        return
    dated = [value for value, match in found.items() if not match["clock"] and len(value) > 4]  # noqa: PLR2004 - a year alone
    years = sorted(int(year) for value in dated if (year := found[value]["first"] or found[value]["last"]))
    if reading.share(dated) < _ALONE or not years or shape.is_counted:
        return
    middle = years[len(years) // 50], years[len(years) // 2], years[-1 - len(years) // 50]
    if middle[0] < _OLD and middle[2] <= _GROWN and middle[2] - middle[0] >= _WIDE:
        yield Finding(Kind.BIRTH_DATE, 0.75, (Evidence("dates across the ages of people", round(share, 4)),))
