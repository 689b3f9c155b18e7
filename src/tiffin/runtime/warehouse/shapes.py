"""Texts of statements without the days that they ask for, so that a question about other days is a known one."""

import re

MOST_DAYS = 24
"""A text with more days keeps them: they are a calendar of its own, and hardly ever asked again over others."""

_DAY = re.compile(r"CAST\('(\d{4}-\d\d-\d\d)' AS DATE\)")
"""A day as compilers write it. Within a text the quotes would be doubled."""


def shaped(sql: str) -> tuple[str, list[str]]:
    """Put parameters in the place of days: equal days stay equal, so that expressions over them stay the same.

    Examples
    --------
    >>> shaped("SELECT 1 WHERE CAST('2026-03-01' AS DATE) < CAST('2026-03-31' AS DATE)")
    ('SELECT 1 WHERE CAST($1 AS DATE) < CAST($2 AS DATE)', ['2026-03-01', '2026-03-31'])
    """
    days = dict.fromkeys(_DAY.findall(sql))
    if not days or len(days) > MOST_DAYS:
        return sql, []
    numbers = {day: number for number, day in enumerate(days, start=1)}
    return _DAY.sub(lambda found: f"CAST(${numbers[found[1]]} AS DATE)", sql), list(days)
