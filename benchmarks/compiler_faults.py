"""Thirty faults for the compiler of metrics, each one small change of its text, spread over all kinds and files.

They were chosen for what could go wrong, before anybody looked at which tests notice.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """A change of one file: the text as it is, and as it would be wrong."""

    name: str
    file: str
    right: str
    wrong: str


FAULTS = (
    Fault(
        "the asker's rows are not limited where a conversion follows",
        "compiling/following.py",
        "[*by.permitted(), *_conditions(by, followed.by)]",
        "[*_conditions(by, followed.by)]",
    ),
    Fault("the end of a conversion's time counts", "compiling/following.py", "c.t < b.t +", "c.t <= b.t +"),
    Fault(
        "a conversion row counts for every earlier base row", "compiling/following.py", "WHERE place = 1 AND", "WHERE"
    ),
    Fault("a conversion goes to the earliest base row", "compiling/following.py", '"b.t DESC"', '"b.t"'),
    Fault("conversion rows are not filtered", "compiling/following.py", "*_conditions(by, followed.by)]", "]"),
    Fault(
        "a window has a day too many",
        "compiling/spans.py",
        "self.length.before(last) + _DAY",
        "self.length.before(last)",
    ),
    Fault(
        "a window of days has a day too many",
        "compiling/calendar_sql.py",
        'first = f"({first} {day})" if day else f"DATE_ADD({first}, 1)"',
        'first = f"({first})"',
    ),
    Fault(
        "every month ends on the 28th",
        "compiling/spans.py",
        "min(day.day, monthrange(year, month)[1])",
        "min(day.day, 28)",
    ),
    Fault(
        "whole months answer to so many days",
        "compiling/spans.py",
        "return [day for day in asked if day.day == 1]",
        "return []",
    ),
    Fault(
        "weeks begin on Sunday",
        "compiling/spans.py",
        "timedelta(days=day.weekday())",
        "timedelta(days=day.isoweekday() % 7)",
    ),
    Fault(
        "a window without beginning begins with the asked days",
        "compiling/calendar_sql.py",
        "first = date_sql(date.min)",
        "first = date_sql(days.first)",
    ),
    Fault(
        "a difference has the other sign",
        "building.py",
        "this=exp.paren(now), expression=exp.paren(before)",
        "this=exp.paren(before), expression=exp.paren(now)",
    ),
    Fault(
        "a change is taken of the later value",
        "building.py",
        "expression=exp.paren(before.copy())), ColumnType.DOUBLE",
        "expression=exp.paren(now.copy())), ColumnType.DOUBLE",
    ),
    Fault("the factor of a ratio is forgotten", "building.py", "if ratio.times != 1:", "if ratio.times < 1:"),
    Fault(
        "distinct counts count all",
        "vocabulary.py",
        'return f"COUNT(DISTINCT {of[0]})", where',
        'return f"COUNT({of[0]})", where',
    ),
    Fault(
        "distinct pairs count where a part is empty",
        "vocabulary.py",
        'return f"COUNT(DISTINCT ({\', \'.join(of)}))", f"({where}) AND {present}" if where else present',
        "return f\"COUNT(DISTINCT ({', '.join(of)}))\", where",
    ),
    Fault(
        "percentiles do not interpolate",
        "vocabulary.py",
        '("QUANTILE_CONT", "APPROX_QUANTILE")',
        '("QUANTILE_DISC", "APPROX_QUANTILE")',
    ),
    Fault(
        "division by nought is infinite",
        "parsing.py",
        "return exp.Nullif(this=tree.copy(), expression=exp.Literal.number(0))",
        "return tree.copy()",
    ),
    Fault(
        "means of windows are means of means",
        "compiling/states.py",
        'return f"SUM({first}) / NULLIF(SUM({states[1]}), 0)"',
        'return f"AVG({first} / NULLIF({states[1]}, 0))"',
    ),
    Fault(
        "a sum of unknown values is nought",
        "compiling/states.py",
        "CASE WHEN COALESCE(SUM({states[1]}), 0) = 0 THEN {nought_sql(result)} ELSE {total} END",
        "COALESCE({total}, {nought_sql(result)})",
    ),
    Fault(
        "a measure's filter is taken for the rows of its group",
        "compiling/states.py",
        "CASE WHEN {_count(where)} = 0 THEN",
        "CASE WHEN COUNT(*) = 0 THEN",
    ),
    Fault("joins drop rows that meet none", "compiling/fragments.py", 'f"LEFT JOIN {', 'f"INNER JOIN {'),
    Fault(
        "a joined row's first column of the key is forgotten",
        "compiling/fragments.py",
        "for left, right in prepared.on)",
        "for left, right in prepared.on[-1:])",
    ),
    Fault(
        "a dated row holds at its end",
        "compiling/fragments.py",
        "({at} < {end} OR {end} IS NULL)",
        "({at} <= {end} OR {end} IS NULL)",
    ),
    Fault(
        "snapshots take the moment of all",
        "compiling/scanning.py",
        'apart = ", ".join([*rows.period_keys(), *groups])',
        'apart = ", ".join(rows.period_keys())',
    ),
    Fault(
        "first and last moment are mixed up",
        "compiling/scanning.py",
        "snapshot.take is Take.LAST else",
        "snapshot.take is Take.FIRST else",
    ),
    Fault(
        "the rows of other days are not limited to the asker's",
        "compiling/scanning.py",
        "where = [*rows.chosen(), *rows.permitted(), mapping.limit]",
        "where = [*rows.chosen(), mapping.limit]",
    ),
    Fault(
        "the condition over nested values is ignored",
        "compiling/statement.py",
        "if leaf.having is not None:",
        "if leaf.having is None and leaf.quantile == -1:",
    ),
    Fault(
        "limits of a grant are alternatives",
        "protection/permissions.py",
        "{' AND '.join([*([f'({places})']",
        "{' OR '.join([*([f'({places})']",
    ),
    Fault(
        "a roll-up is read that lacks a column",
        "rollups.py",
        "return self.held.issuperset(states) and columns <= set(self.columns)",
        "return self.held.issuperset(states)",
    ),
)
