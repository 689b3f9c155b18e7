"""Rows that are followed by others of the same entity in time: each of those counts once, for the latest before it."""

# ruff: noqa: S608 - laying SQL together is what a compiler does; every piece is SQLGlot's or a name that was checked

from tiffin.engines.metrics.compiling.rows import CITY, Cities, Rows
from tiffin.engines.metrics.model import Expression, Followed, PreparedEvent
from tiffin.engines.metrics.vocabulary import micros_sql

_MICROS = 1_000_000


def followed_sql(rows: Rows, followed: Followed, cities: Cities, column: str) -> str:
    """Write how many rows follow those that the request asks for.

    A row that follows is credited before the request's conditions choose, so that splits add up. Rows far from those
    that are asked are left out by their moments: a row's business date may be any other, as that of its order.
    """
    by = Rows(rows.question, followed.by.source)
    keys = rows.question.keys
    asked = [*rows.chosen(), *rows.own_days()]
    told = [rows.among(rows.fragments.dimension(rows.source, CITY), cities)] if cities else []
    flags = [f"{_known(asked)} AS is_asked", f"{_known(_conditions(rows, followed.base))} AS is_base"]
    flags.append(f"{_known([*asked, *told])} AS is_told")
    early = rows.select(
        [*rows.dimensions(), *flags, *_event(rows, followed.base)],
        rows.permitted(),
        _used(followed.base),
        is_by_city=bool(cities),
    )
    late = by.select(
        _event(by, followed.by), [*by.permitted(), *_conditions(by, followed.by)], _used(followed.by), is_split=False
    )
    on = [f"b.e{index} = c.e{index}" for index in range(len(followed.base.entity))]
    on.append(f"c.t >= b.t AND c.t < b.t + {followed.within * _MICROS}")
    order = ", ".join(["b.t DESC", *(f"b.n{index} DESC" for index in range(len(followed.base.key)))])
    event = ", ".join(f"c.n{index}" for index in range(len(followed.by.key)))
    paired = ", ".join([*(f"b.{key} AS {key}" for key in keys), "b.is_told AS is_told"])
    latest = f"ROW_NUMBER() OVER (PARTITION BY {event} ORDER BY {order}) AS place"
    near = _near("b", followed.within) + _near("c", followed.within) if asked else ""
    pairs = f"SELECT {paired}, {latest} FROM base_ AS b JOIN ({late}) AS c ON {' AND '.join(on)} WHERE b.is_base{near}"
    selected = ", ".join(keys) + (", " if keys else "")
    counted = f"SELECT {selected}1 AS one FROM ({pairs}) AS pairs WHERE place = 1 AND is_told"
    every = f"SELECT {selected}0 AS one FROM base_ WHERE is_asked"
    value = f"COALESCE(CAST(SUM(one) AS BIGINT), 0) AS {column}"
    return (
        f"WITH base_ AS ({early}) SELECT {selected}{value} FROM ({counted} UNION ALL {every}) AS counted"
        f"{rows.grouping()}"
    )


def _event(rows: Rows, event: PreparedEvent) -> list[str]:
    fragments = rows.fragments
    columns = [f"{micros_sql(fragments.expression(event.at), fragments.dialect)} AS t"]
    columns += [f"{fragments.expression(part)} AS e{index}" for index, part in enumerate(event.entity)]
    return columns + [f"{fragments.expression(part)} AS n{index}" for index, part in enumerate(event.key)]


def _near(events: str, within: int) -> str:
    """Limit events to the moments in which the asked ones could be followed."""
    first, last = (f"(SELECT {edge}(t) FROM base_ WHERE is_asked AND is_base)" for edge in ("MIN", "MAX"))
    return f" AND {events}.t BETWEEN {first} AND {last} + {within * _MICROS}"


def _conditions(rows: Rows, event: PreparedEvent) -> list[str]:
    return [f"({rows.fragments.expression(event.where)})"] if event.where else []


def _used(event: PreparedEvent) -> tuple[Expression, ...]:
    return (event.at, *event.entity, *((event.where,) if event.where else ()))


def _known(conditions: list[str]) -> str:
    return f"COALESCE({' AND '.join(conditions)}, FALSE)" if conditions else "TRUE"
