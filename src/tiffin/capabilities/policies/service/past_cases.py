"""One past case of a policy by its number, for whoever may see what decided it."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlglot import exp

from tiffin.capabilities.policies.domain.case_source import CaseSource
from tiffin.capabilities.policies.domain.case_source_sql import BUCKETS
from tiffin.capabilities.policies.domain.policy import CITY, MARKET, Effective
from tiffin.capabilities.policies.service.history import history_of, source_of
from tiffin.capabilities.policies.service.history_rights import sight_of
from tiffin.kernel.errors import NotFound
from tiffin.kernel.messages import Message
from tiffin.kernel.time import business_date
from tiffin.runtime import audit
from tiffin.runtime.context import Context


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case that happened, as it was first known.

    Parameters
    ----------
    on : date
        Business day of its event in its city.
    facts : Mapping
        By input, its value; None where it was not known.
    evidence : Mapping
        By input, the fact behind it.
    """

    case_id: str
    at: datetime
    known_at: datetime
    on: date
    market: str
    city: str
    facts: Mapping[str, object]
    evidence: Mapping[str, str]


def find_case(context: Context, effective: Effective, case_id: str) -> PastCase:
    """Find a past case of a policy among those that the actor may see.

    Raises
    ------
    NotFound
        No cases have been gathered, or none that the actor may see has this number.
    Forbidden
        The actor may not see what decides the cases of this policy.
    """
    source = source_of(effective)
    history_of(context, effective)
    where = sight_of(context, source, effective).where
    rows = context.warehouse.query(_query(source, effective, case_id, where)).to_pylist()
    if not rows:
        raise NotFound(
            Message(
                "No past case of {policy} that you may see has the number {case}. Take one from the examples of a "
                "backtest.",
                policy=effective.name,
                case=case_id,
            )
        )
    audit.record_read(context, action="policy_case_read", subject=effective.name, details={"case": case_id})
    return _case(source, effective, rows[0])


def _query(source: CaseSource, effective: Effective, case_id: str, where: exp.Expr | None) -> exp.Select:
    own = ("case_id", "at", "known_at", MARKET, CITY)
    columns = [exp.column(name, quoted=True) for name in (*own, *_inputs(source, effective))]
    chosen = exp.select(*columns).from_(exp.to_table(source.name))
    chosen = chosen.where(_is("bucket", exp.Literal.number(zlib.crc32(case_id.encode()) % BUCKETS)))
    chosen = chosen.where(_is("case_id", exp.Literal.string(case_id)))
    if where is not None:
        chosen = chosen.where(where)
    clock = (exp.column("timezone", "cities", quoted=True), exp.column("cutoff_min", "cities", quoted=True))
    found = exp.select("found.*", *clock).from_(chosen.subquery("found"))
    return found.join("cities AS cities", on=f"cities.city_id = found.{CITY}", join_type="left")


def _is(column: str, value: exp.Expr) -> exp.Expr:
    return exp.EQ(this=exp.column(column, quoted=True), expression=value)


def _inputs(source: CaseSource, effective: Effective) -> list[str]:
    return [one.name for one in effective.stated.inputs if one.name in source.columns]


def _case(source: CaseSource, effective: Effective, row: Mapping[str, Any]) -> PastCase:
    at = row["at"].astimezone(UTC)
    timezone, cutoff_min = row["timezone"] or "UTC", int(row["cutoff_min"] or 0)
    names = _inputs(source, effective)
    behind = f"{source.table.name} {row['case_id']}"
    return PastCase(
        row["case_id"],
        at,
        row["known_at"].astimezone(UTC),
        business_date(at, timezone=timezone, cutoff_min=cutoff_min),
        row[MARKET] or "",
        row[CITY] or "",
        {name: _fact(row[name]) for name in names},
        {name: behind for name in names if row[name] is not None},
    )


def _fact(value: object) -> object:
    return Decimal(str(value)) if isinstance(value, float) else value
