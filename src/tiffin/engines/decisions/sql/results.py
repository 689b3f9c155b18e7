"""What each row gives: constants that are computed beforehand, or expressions over the facts of the case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tiffin.engines.decisions.dmn.plain import is_constant
from tiffin.engines.decisions.dmn.tables import Aggregation, HitPolicy, Row, TableOf, outcome
from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.run import Run
from tiffin.engines.decisions.feel.types import ANY, Simple, Type
from tiffin.engines.decisions.feel.values import Scope, Value
from tiffin.engines.decisions.policy import PolicyTable, id_of
from tiffin.engines.decisions.sql.columns import NotPushed, Pushed
from tiffin.engines.decisions.sql.expressions import Writing
from tiffin.engines.decisions.sql.values import pushed


@dataclass(frozen=True, slots=True)
class Results:
    """What the rows of a table give.

    Parameters
    ----------
    names : tuple of str
        The outputs.
    rows : tuple
        Of each row, for each output, a constant's value; None where the row is computed for each case.
    written : tuple
        The same as SQL; null is None.
    default : tuple
        What holds where no row does, as SQL.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[Value, ...] | None, ...]
    written: tuple[tuple[Pushed | None, ...], ...]
    default: tuple[Pushed | None, ...]


def results_of(policy: PolicyTable, writing: Writing) -> Results:
    """Write what each row of a table gives.

    Raises
    ------
    NotPushed
        When a result cannot be computed, is no plain value, or SQL would not compute it exactly.
    """
    table = policy.table
    names = tuple(one.name or policy.name for one in table.outputs)
    rows: list[tuple[Value, ...] | None] = []
    written: list[tuple[Pushed | None, ...]] = []
    for number, row in enumerate(table.rows, 1):
        if all(is_constant(one, policy.parameters) for one in row.results):
            values = _constants(table, row, policy.parameters, f"The result of row {id_of(row, number)}")
            rows.append(values)
            written.append(tuple(pushed(one) for one in values))
        else:
            rows.append(None)
            written.append(_computed(table, row, writing, id_of(row, number)))
    return Results(names, tuple(rows), tuple(written), _default(table, policy.parameters))


def _constants(table: TableOf, row: Row, parameters: Mapping[str, Value], what: str) -> tuple[Value, ...]:
    alone = replace(table, hit_policy=HitPolicy.FIRST, aggregation=None)
    return _parts(alone, [row], parameters, what)


def _default(table: TableOf, parameters: Mapping[str, Value]) -> tuple[Pushed | None, ...]:
    if not all(one.default is None or is_constant(one.default, parameters) for one in table.outputs):
        raise NotPushed("A default that rests on the facts of the case is left to the single decision.")
    if table.aggregation is Aggregation.COUNT and len(table.outputs) > 1 and any(one.default for one in table.outputs):
        raise NotPushed(
            "A count of rows with several outputs has one value, and its defaults several; state one output."
        )
    values = _parts(table, [], parameters, "The default")
    return tuple(pushed(one) for one in values)


def _parts(table: TableOf, rows: list[Row], parameters: Mapping[str, Value], what: str) -> tuple[Value, ...]:
    run = Run()
    try:
        found = outcome(table, rows, Scope(parameters), run)
    except FeelFault as fault:
        raise NotPushed(f"{what} cannot be computed: {fault}") from None
    if run.notes:
        raise NotPushed(f"{what} cannot be computed: {run.notes[0].said}")
    if found is None:
        return (None,) * len(table.outputs)
    several = len(table.outputs) > 1 and isinstance(found, dict)
    return tuple(found[one.name] for one in table.outputs) if several else (found,)


def _computed(table: TableOf, row: Row, writing: Writing, row_id: str) -> tuple[Pushed | None, ...]:
    found: list[Pushed | None] = []
    for column, node in zip(table.outputs, row.results, strict=True):
        if column.allowed is not None:
            raise NotPushed(
                f"The output {column.name} of row {row_id} is computed and may have some values only; whether it has "
                "one of them is left to the single decision."
            )
        found.append(_fitting(writing.write(node), column.type, f"The output {column.name} of row {row_id}"))
    return tuple(found)


def _fitting(one: Pushed | None, wanted: Type, what: str) -> Pushed | None:
    """Check that a computed value is of the type that its output states."""
    if one is None or wanted == ANY or wanted == Simple(one.type.kind):
        return one
    raise NotPushed(f"{what} is a {one.type.kind}, and something else is stated.")


def constant_rows(results: Results) -> Sequence[tuple[Value, ...]]:
    """Give what each row gives where all rows give constants.

    Raises
    ------
    NotPushed
        When a row is computed for each case.
    """
    known = [one for one in results.rows if one is not None]
    if len(known) != len(results.rows):
        raise NotPushed("Rows of this hit policy have to give constants; some of these rest on the facts of the case.")
    return known
