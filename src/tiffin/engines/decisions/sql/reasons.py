"""The reason of each case as a text: that of the row that decides, with the values of the case filled in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from tiffin.engines.decisions.sql.cells import is_in
from tiffin.engines.decisions.sql.columns import NotPushed, Pushed, Shape
from tiffin.engines.decisions.sql.deciding import ROW, PolicySql
from tiffin.engines.decisions.sql.literals import text_literal
from tiffin.engines.decisions.sql.number_styles import NumberStyle, joined, written_number
from tiffin.engines.decisions.sql.outputs import by_row

REASON = "reason"
"""The column of the reason."""
_PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w*)\}")


@dataclass(frozen=True, slots=True)
class Wording:
    """How a language writes the values that stand in reasons.

    Parameters
    ----------
    numbers : NumberStyle
        Of every number that has no style of its own.
    styles : Mapping
        Of numbers by the name of the column, such as amounts of money.
    nothing, yes, no : str
        What stands for null, true and false.
    around : tuple of str
        What stands before and after every value, so that a text from right to left keeps its order.
    """

    numbers: NumberStyle
    styles: Mapping[str, NumberStyle]
    nothing: str
    yes: str
    no: str
    around: tuple[str, str] = ("", "")


def select_reasons(
    policy: PolicySql, cases: str, templates: Mapping[str, str], wording: Wording, *keep: str
) -> exp.Select:
    """Select the row, the outputs and the reason of all cases of a table.

    Parameters
    ----------
    templates : Mapping
        By the id of the row its text in the language, where ``{names}`` of columns stand for their values. What is
        known beforehand, such as a parameter, has been filled in.
    *keep : str
        Columns of the cases that are selected too.

    Notes
    -----
    Each value is written as a text once a case, whatever row decides, in a query of its own between that of the row
    and that of the reason.

    Raises
    ------
    NotPushed
        When a value is not written by SQL as the language writes it.
    """
    cut = [_cut(templates.get(one, one), policy, wording) for one in policy.policy.row_ids]
    names = sorted({name for one in cut for name in one.names})
    texts = [exp.alias_(_written(name, policy, wording), _text_of(name), quoted=True) for name in names]
    row = exp.column(ROW, quoted=True)
    known = [exp.column(one, quoted=True) for one in dict.fromkeys((*keep, ROW, *(one.name for one in policy.outputs)))]
    decided = policy.select(cases, *dict.fromkeys((*keep, *names)))
    told = exp.select(*known, *texts).from_(decided.subquery("ruled"))
    reason = exp.alias_(_reason(cut, row, policy), REASON, quoted=True)
    return exp.select(*(one.copy() for one in known), reason).from_(told.subquery("told"))


@dataclass(frozen=True, slots=True)
class _Cut:
    """A template: the texts before, between and after its values, and the columns of those."""

    texts: tuple[str, ...]
    names: tuple[str, ...]


def _cut(template: str, policy: PolicySql, wording: Wording) -> _Cut:
    before, after = wording.around
    texts, names, start, text = [], [], 0, ""
    for found in _PLACEHOLDER.finditer(template):
        if found[1] in policy.facts:
            texts.append(text + template[start : found.start()] + before)
            names.append(found[1])
            start, text = found.end(), after
    return _Cut((*texts, text + template[start:]), tuple(names))


def _reason(cut: Sequence[_Cut], row: exp.Expr, policy: PolicySql) -> exp.Expr:
    """Bring rows that tell the same columns together, their texts looked up by the row."""
    plain = [exp.null() if one.names else text_literal(one.texts[0]) for one in cut]
    case = exp.Case(default=by_row(plain, exp.null(), row, policy.dialect))
    told: dict[tuple[str, ...], list[int]] = {}
    for number, one in enumerate(cut):
        if one.names:
            told.setdefault(one.names, []).append(number)
    for names, rows in told.items():
        parts: list[exp.Expr] = []
        for place, name in enumerate((*names, "")):
            texts = [text_literal(one.texts[place]) if number in rows else exp.null() for number, one in enumerate(cut)]
            parts.append(by_row(texts, exp.null(), row, policy.dialect))
            parts += [exp.column(_text_of(name), quoted=True)] if name else []
        case = case.when(is_in(row, [number + 1 for number in rows]), joined(parts))
    return case if told else case.args["default"]


def _text_of(name: str) -> str:
    return f"text of {name}"


def _written(name: str, policy: PolicySql, wording: Wording) -> exp.Expr:
    value = Pushed(exp.column(name, quoted=True), policy.facts[name])
    nothing = text_literal(wording.nothing)
    if value.type.shape is Shape.TEXT:
        return exp.func("COALESCE", value.sql, nothing)
    if value.type.shape is Shape.BOOLEAN:
        told = exp.Case(default=nothing).when(value.sql, text_literal(wording.yes))
        return told.when(exp.not_(value.sql.copy()), text_literal(wording.no))
    if value.type.shape not in (Shape.WHOLE, Shape.DECIMAL):
        raise NotPushed(
            f"The reason tells the value of {name}, a {value.type.shape}, which the single decision alone writes."
        )
    return written_number(value, wording.styles.get(name, wording.numbers), nothing)
