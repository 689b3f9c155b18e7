"""From the plain values of a policy's file to what it states; every complaint names file, line, row and cell."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tiffin.capabilities.policies.domain.columns import (
    COUNTRY,
    Columns,
    check_known,
    elsewhere,
    read_case,
    read_cells,
    read_input,
    read_law,
    read_monotone,
    read_output,
    read_total,
)
from tiffin.capabilities.policies.domain.faults import PolicyFault, Spot
from tiffin.capabilities.policies.domain.parts import LINES, Parts, shown
from tiffin.capabilities.policies.domain.policy import (
    Overlay,
    PolicyVersion,
    StatedRow,
    Statement,
    Words,
    WorkedCase,
)
from tiffin.engines.decisions.dmn.tables import Aggregation, HitPolicy
from tiffin.kernel.errors import Place
from tiffin.kernel.messages import Message

MAX_ROWS = 5000
MAX_COLUMNS = 60
MAX_CASES = 10_000

POLICY_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")

_BASE = (
    "policy",
    "title",
    "question",
    "owner",
    "source",
    "hit_policy",
    "aggregation",
    "inputs",
    "outputs",
    "rows",
    "sums",
    "monotone",
    "law",
    "people",
    "money",
    "points",
    "cases",
    "worked_cases",
)
_OVERLAY = ("policy", "overlay", "source", "rows", "law", "worked_cases")
_ROW = ("id", "when", "then", "reason")
_HIT_POLICIES: Mapping[str, HitPolicy] = {one.value.lower(): one for one in HitPolicy}
_AGGREGATIONS: Mapping[str, Aggregation] = {one.value.lower(): one for one in Aggregation}
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Filed:
    """As what a file of a policy is known before it is read.

    Parameters
    ----------
    place : str
        Empty for a base file, else the market or city of an overlay.
    digest : str
        SHA-256 of its bytes.
    file : str
        What complaints call it.
    """

    policy: str
    place: str
    from_date: date
    digest: str
    file: str


def read_policy(raw: Any, filed: Filed) -> PolicyVersion:
    """Read one file of a policy: a base file, or an overlay where it is filed as one.

    An overlay is read without its base here; whether its rows fit is told when they are laid over it.

    Parameters
    ----------
    raw : Any
        The plain values of the file, each mapping with the lines of its keys.

    Raises
    ------
    PolicyFault
        Something in it is not what it should be.
    """
    spot = Spot(Place(filed.file))
    parts = Parts(raw, spot, _OVERLAY if filed.place else _BASE)
    if not POLICY_NAME.fullmatch(filed.policy) or parts.text("policy") != filed.policy:
        raise parts.fault(
            Message(
                "`policy` is the name of the file's folder, small letters, digits and - only; the folder is {folder}, "
                "found {found}.",
                folder=filed.policy,
                found=shown(parts.raw["policy"]),
            ),
            "policy",
        )
    stated = _overlay(parts, filed) if filed.place else _statement(parts)
    return PolicyVersion(filed.policy, filed.place, filed.from_date, filed.digest, stated, filed.file)


def _statement(parts: Parts) -> Statement:
    inputs = parts.each("inputs", MAX_COLUMNS, read_input)
    outputs = parts.each("outputs", MAX_COLUMNS, read_output)
    _refuse_twice([*(one.name for one in inputs), *(one.name for one in outputs)], parts, "inputs")
    if not inputs or not outputs:
        raise parts.fault(Message("a policy has at least one input and one output."))
    columns = Columns.of(inputs, outputs)
    hit_policy = parts.choice("hit_policy", _HIT_POLICIES, default="unique")
    return Statement(
        title=parts.words("title"),
        question=parts.words("question"),
        owner=parts.text("owner"),
        source=parts.text("source"),
        inputs=inputs,
        outputs=outputs,
        rows=_rows(parts, columns, overlays=False),
        hit_policy=hit_policy,
        aggregation=_aggregation(parts, hit_policy),
        sums=parts.each("sums", MAX_COLUMNS, lambda raw, spot: read_total(raw, spot, columns)),
        monotone=parts.each("monotone", MAX_COLUMNS, lambda raw, spot: read_monotone(raw, spot, columns)),
        law=parts.each("law", MAX_ROWS, lambda raw, spot: read_law(raw, spot, columns)),
        people=parts.texts("people"),
        money=_named_outputs(parts, "money", ("output", "currency"), columns),
        points=_named_outputs(parts, "points", ("output",), columns),
        cases=_untouched(parts),
        worked_cases=parts.each("worked_cases", MAX_CASES, lambda raw, spot: read_case(raw, spot, columns)),
    )


def _overlay(parts: Parts, filed: Filed) -> Overlay:
    place = parts.text("overlay")
    if place != filed.place:
        raise parts.fault(
            Message(
                "`overlay` is the place in the file's name; the name says {place}, found {found}.",
                place=filed.place,
                found=shown(place),
            ),
            "overlay",
        )
    market = place if COUNTRY.fullmatch(place) else None
    columns = Columns()
    if market is None and parts.raw.get("law"):
        raise parts.fault(
            Message("a law binds a whole market: write it into the market's file or the base file, not a city's."),
            "law",
        )
    return Overlay(
        place,
        parts.text("source"),
        _rows(parts, columns, overlays=True),
        parts.each("law", MAX_ROWS, lambda raw, spot: read_law(raw, spot, columns, market=market)),
        parts.each("worked_cases", MAX_CASES, lambda raw, spot: _placed(read_case(raw, spot, columns), place, market)),
    )


def _placed(case: WorkedCase, place: str, market: str | None) -> WorkedCase:
    """Let a case of an overlay be of the overlay's place.

    Raises
    ------
    PolicyFault
        It says that it is of another one.
    """
    found = case.market if market else case.city
    if found not in ("", place):
        raise PolicyFault(elsewhere(place, found), Spot(case.place))
    if market:
        return replace(case, market=case.market or market)
    return replace(case, city=case.city or place)


def _aggregation(parts: Parts, hit_policy: HitPolicy) -> Aggregation | None:
    if "aggregation" not in parts.raw:
        return None
    if hit_policy is not HitPolicy.COLLECT:
        raise parts.fault(Message("`aggregation` goes with `hit_policy: collect` alone."), "aggregation")
    return parts.choice("aggregation", _AGGREGATIONS)


def _rows(parts: Parts, columns: Columns, *, overlays: bool) -> tuple[StatedRow, ...]:
    rows = parts.each("rows", MAX_ROWS, lambda raw, spot: _row(raw, spot, columns, overlays=overlays))
    _refuse_twice([one.id for one in rows], parts, "rows")
    return rows


def _row(raw: Any, spot: Spot, columns: Columns, *, overlays: bool) -> StatedRow:
    parts = Parts(raw, spot, (*_ROW, "overrides") if overlays else _ROW)
    row = parts.row_id()
    parts.spot = parts.at(None, row=row)
    if overlays and not parts.names("overrides"):
        raise parts.fault(Message("a row of an overlay names the rows that it overrides under `overrides`."))
    then = _results(parts, columns.outputs)
    reason = parts.words("reason")
    _check_braces(reason, parts.at("reason"))
    when = read_cells(parts, "when", columns.inputs, row)
    return StatedRow(row, when, then, reason, parts.names("overrides"), parts.spot.place)


def _results(parts: Parts, known: Mapping[str, Any] | None) -> dict[str, Any]:
    inner = Parts(parts.raw.get("then") or {}, parts.at("then"), None)
    for name in inner.listed:
        check_known(name, known, inner, name)
    for name in known or ():
        if name not in inner.raw:
            raise inner.fault(Message("the output {output} is missing; write null where it has no value.", output=name))
    return {name: inner.given(name) for name in inner.listed}


def placeholders(text: str) -> tuple[str, ...]:
    """Name what a reason speaks of, in its order."""
    return tuple(_PLACEHOLDER.findall(text))


def _check_braces(reason: Words, spot: Spot) -> None:
    for locale, text in reason.items():
        rest = _PLACEHOLDER.sub("", text)
        if "{" in rest or "}" in rest:
            raise PolicyFault(
                Message(
                    "the reason in {locale} has braces that hold no name of an input; found {found}.",
                    locale=locale,
                    found=shown(text),
                ),
                spot,
            )


def _named_outputs(parts: Parts, key: str, known: tuple[str, ...], columns: Columns) -> dict[str, str]:
    found = parts.texts(key, known)
    if found and "output" not in found:
        raise parts.fault(Message("`{key}` is missing.", key="output"), key)
    if found:
        check_known(found["output"], columns.outputs, parts, key)
    return found


def _untouched(parts: Parts) -> Mapping[str, Any]:
    found = parts.raw.get("cases") or {}
    Parts(found, parts.at("cases"), None)
    plain: Mapping[str, Any] = without_lines(found)
    return plain


def without_lines(value: Any) -> Any:
    """Strip the line numbers of every mapping."""
    if isinstance(value, Mapping):
        return {key: without_lines(item) for key, item in value.items() if key != LINES}
    return [without_lines(item) for item in value] if isinstance(value, list) else value


def _refuse_twice(names: list[str], parts: Parts, key: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise parts.fault(Message("{name} stands twice; each name and id stands once.", name=name), key)
        seen.add(name)
