"""Tables planted beside those of a simulated city: copies and parts under other names, and others that only look so."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tiffin.capabilities.rehearsals.domain.demo import DEMO_DAYS
from tiffin.capabilities.rehearsals.service import read_profiles, read_scenario, simulated_tables
from tiffin.engines.likeness.sketches import ValueKind, sketch
from tiffin.engines.likeness.tables import Profile
from tiffin.kernel.time import Days

CITY, OTHER_CITY = "riyadh", "kuwait-city"
BOOKKEEPING = ("source",)
LEAST_ROWS, FEWEST = 20, 5
FEW, MANY = 15, 300
"""Values of a column by which somebody filters; by which he adds up."""
ODD = 0.05
ALIKE = 0.25


@dataclass(frozen=True)
class PlantedTable:
    """A planted table: of which real one it is a copy or a part, or which it only resembles."""

    name: str
    rows: pa.Table
    base: str
    is_duplicate: bool
    way: str


class NotHereError(Exception):
    """A way of planting does not fit this table."""


def base_tables(seed: int, *, city: str = CITY) -> Mapping[str, pa.Table]:
    """Simulate a day of a city and give its tables."""
    scenario = read_scenario(city, profiles=read_profiles(), overlay=Path("none"))
    found = simulated_tables(scenario, Days(DEMO_DAYS.first, DEMO_DAYS.first), seed=seed)
    return {name: rows for name, rows in found.items() if rows.num_rows >= LEAST_ROWS}


def kind_of(column: pa.DataType) -> ValueKind:
    """Tell which sort of values a column holds."""
    if pa.types.is_boolean(column):
        return ValueKind.TRUTH
    if pa.types.is_temporal(column):
        return ValueKind.TIME
    return ValueKind.TEXT if pa.types.is_string(column) or pa.types.is_large_string(column) else ValueKind.NUMBER


def profile(name: str, rows: pa.Table) -> Profile:
    """Profile a table by sketches of its columns."""
    columns = {
        field.name: sketch(rows.column(field.name).to_pylist(), kind_of(field.type))
        for field in rows.schema
        if field.name not in BOOKKEEPING
    }
    return Profile(name, columns)


def plant_tables(tables: Mapping[str, pa.Table], *, duplicates: int, others: int, seed: int) -> list[PlantedTable]:
    """Plant tables, each way in turn over tables drawn by chance."""
    draw, found = random.Random(seed), []  # noqa: S311 - no secret
    strangers = base_tables(seed + 1), base_tables(seed, city=OTHER_CITY)
    for ways, count, is_duplicate in ((SAME, duplicates, True), (OTHER, others, False)):
        made, turn = 0, 0
        while made < count:
            way = list(ways)[turn % len(ways)]
            turn += 1
            base = draw.choice(sorted(tables))
            try:
                rows = ways[way](tables[base], draw, [one.get(base) for one in strangers])
            except NotHereError:
                continue
            found.append(PlantedTable(f"planted_{len(found)}", rows, base, is_duplicate, way))
            made += 1
    return found


Way = Callable[[pa.Table, random.Random, list[pa.Table | None]], pa.Table]


def _named_anew(rows: pa.Table, draw: random.Random) -> pa.Table:
    """Give every column another name and place."""
    order = list(rows.schema.names)
    draw.shuffle(order)
    return rows.select(order).rename_columns([f"f{number}" for number in range(len(order))])


def _renamed(rows: pa.Table, draw: random.Random, _strangers: list[pa.Table | None]) -> pa.Table:
    return _named_anew(rows, draw)


def _fewer_columns(rows: pa.Table, draw: random.Random, _strangers: list[pa.Table | None]) -> pa.Table:
    names = _telling(rows)
    if len(names) < FEWEST:
        raise NotHereError
    # Somebody who copies a table keeps what names its rows.
    keys = [name for name in names if pc.count_distinct(rows.column(name)).as_py() > 0.9 * rows.num_rows][:1]
    kept = draw.sample(names, max(4, int(len(names) * draw.uniform(0.4, 0.9))))
    return _named_anew(rows.select(list(dict.fromkeys([*keys, *kept]))), draw)


def _fewer_rows(rows: pa.Table, draw: random.Random, _strangers: list[pa.Table | None]) -> pa.Table:
    return _named_anew(_sample(rows, draw, draw.uniform(0.2, 0.9)), draw)


def _filtered(rows: pa.Table, draw: random.Random, _strangers: list[pa.Table | None]) -> pa.Table:
    """Take the rows of one value of a column of few values."""
    few = [name for name in rows.schema.names if 1 < pc.count_distinct(rows.column(name)).as_py() <= FEW]
    if not few:
        raise NotHereError
    column = rows.column(draw.choice(few))
    value = draw.choice(pc.unique(column).drop_null().to_pylist() or [None])
    kept = rows.filter(pc.equal(column, pa.scalar(value, column.type)))
    if kept.num_rows < LEAST_ROWS:
        raise NotHereError
    return _named_anew(kept, draw)


def _with_more(rows: pa.Table, draw: random.Random, _strangers: list[pa.Table | None]) -> pa.Table:
    """Add what a load adds: its number, and when it ran."""
    named = _named_anew(rows, draw)
    named = named.append_column("batch", pa.array([draw.randrange(10)] * rows.num_rows))
    return named.append_column("seen", pa.array([f"{draw.random()}"] * rows.num_rows))


def _gone_stale(rows: pa.Table, draw: random.Random, _strangers: list[pa.Table | None]) -> pa.Table:
    """Change one value in twenty of the numbers, and lose a few rows, as a copy that nobody keeps up."""
    kept, chance = _sample(rows, draw, 0.95), np.random.default_rng(draw.randrange(2**32))
    for index, field in enumerate(kept.schema):
        if pa.types.is_integer(field.type) or pa.types.is_floating(field.type):
            odd = pa.array(chance.random(kept.num_rows) < ODD)
            moved = pc.add(kept.column(index), pa.scalar(1, field.type))
            kept = kept.set_column(index, field, pc.if_else(odd, moved, kept.column(index)))
    return _named_anew(kept, draw)


def _other_types(rows: pa.Table, draw: random.Random, _strangers: list[pa.Table | None]) -> pa.Table:
    """Keep whole numbers as doubles, as spreadsheets do."""
    for index, field in enumerate(rows.schema):
        if pa.types.is_integer(field.type):
            changed = rows.column(index).cast(pa.float64())
            rows = rows.set_column(index, pa.field(field.name, pa.float64()), changed)
    return _named_anew(rows, draw)


def _other_rows(rows: pa.Table, draw: random.Random, strangers: list[pa.Table | None]) -> pa.Table:
    """Take the same table of another city, or of another year of the same one: the same name, other contents."""
    chosen = draw.choice(strangers)
    if chosen is None or chosen.num_rows < LEAST_ROWS or _shared(rows, chosen) > ALIKE:
        raise NotHereError
    return _sample(chosen, draw, draw.uniform(0.5, 1))


def _other_grain(rows: pa.Table, draw: random.Random, _strangers: list[pa.Table | None]) -> pa.Table:
    """Add quantities up by columns of few values."""
    few = [name for name in rows.schema.names if 1 < pc.count_distinct(rows.column(name)).as_py() <= MANY]
    numbers = [
        field.name
        for field in rows.schema
        if (pa.types.is_integer(field.type) or pa.types.is_floating(field.type)) and field.name not in few
    ]
    if len(few) <= 1 or not numbers:
        raise NotHereError
    by = draw.sample(few, min(len(few), draw.choice((2, 3))))
    made = rows.group_by(by).aggregate([(name, draw.choice(("sum", "mean"))) for name in numbers])
    if made.num_rows > ALIKE * rows.num_rows:  # else most groups are single rows, and nothing was added up
        raise NotHereError
    return made


def _other_unit(rows: pa.Table, draw: random.Random, _strangers: list[pa.Table | None]) -> pa.Table:
    """Keep every quantity in another unit, where a table is mostly quantities."""
    numbers = [
        field.name for field in rows.schema if pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
    ]
    if len([name for name in numbers if name in _telling(rows)]) < 0.5 * len(_telling(rows)):
        raise NotHereError
    factor = draw.choice((60.0, 1 / 60, 1000.0, 1.609))
    for name in numbers:
        changed = pc.multiply(rows.column(name).cast(pa.float64()), factor)
        rows = rows.set_column(rows.schema.get_field_index(name), name, changed)
    return rows


def _joined(rows: pa.Table, draw: random.Random, _strangers: list[pa.Table | None]) -> pa.Table:
    """Keep the identifiers, and say something else of each of them: another table about the same things."""
    names = [field.name for field in rows.schema if pa.types.is_string(field.type)][:2]
    if not names:
        raise NotHereError
    chance = np.random.default_rng(draw.randrange(2**32))
    made = {name: rows.column(name) for name in names}
    made |= {f"score_{number}": pa.array(chance.normal(size=rows.num_rows)) for number in range(len(names) + 2)}
    return pa.table(made)


def _shared(rows: pa.Table, others: pa.Table) -> float:
    """Tell which share of one table's rows another has too."""
    own, theirs = ({tuple(row.values()) for row in one.to_pylist()} for one in (rows, others))
    return len(own & theirs) / len(theirs)


def _sample(rows: pa.Table, draw: random.Random, share: float) -> pa.Table:
    count = max(LEAST_ROWS, int(rows.num_rows * share))
    return rows.take(draw.sample(range(rows.num_rows), min(count, rows.num_rows)))


def _telling(rows: pa.Table) -> list[str]:
    return [name for name in rows.schema.names if pc.count_distinct(rows.column(name)).as_py() > 1]


SAME: Mapping[str, Way] = {
    "renamed": _renamed,
    "fewer columns": _fewer_columns,
    "fewer rows": _fewer_rows,
    "filtered": _filtered,
    "with columns of the load": _with_more,
    "gone stale": _gone_stale,
    "other types": _other_types,
}
OTHER: Mapping[str, Way] = {
    "same name, other rows": _other_rows,
    "other grain": _other_grain,
    "other unit": _other_unit,
    "about the same things": _joined,
}
