"""Solutions of instances as files: written as evaluators read them, and read back."""

from collections.abc import Iterator, Mapping

from tiffin.engines.simulation.instances.solution import Assignment, Delivery, Move, Solution
from tiffin.kernel.errors import InvalidData

ASSIGNMENTS = "solution_info_assignments.txt"
MOVES = "solution_info_couriers.txt"
DELIVERIES = "solution_info_orders.txt"
SOLUTION_FILES = (ASSIGNMENTS, MOVES, DELIVERIES)

HEADERS: Mapping[str, str] = {
    ASSIGNMENTS: "assignment_time pickup_time courier orders",
    MOVES: "courier departure_time origin destination",
    DELIVERIES: "order placement_time restaurant ready_time pickup_time dropoff_time courier",
}


def solution_files(solution: Solution) -> Mapping[str, str]:
    """Write a solution as the public evaluator reads it, by file name: space separated, one header line."""
    return {
        ASSIGNMENTS: _lines(
            ASSIGNMENTS,
            (f"{a.assigned_min} {a.pickup_min} {a.courier} {' '.join(a.orders)}" for a in solution.assignments),
        ),
        MOVES: _lines(MOVES, (f"{m.courier} {m.departed_min} {m.origin} {m.destination}" for m in solution.moves)),
        DELIVERIES: _lines(DELIVERIES, (_delivery_line(delivery) for delivery in solution.deliveries)),
    }


def read_solution(texts: Mapping[str, str]) -> Solution:
    """Read a solution from the text of its files, by file name.

    Raises
    ------
    InvalidData
        A line has another form, or a time is no whole number.
    """
    return Solution(
        assignments=tuple(
            Assignment(_minute(ASSIGNMENTS, line, row[0]), _minute(ASSIGNMENTS, line, row[1]), row[2], tuple(row[3:]))
            for line, row in _rows(texts, ASSIGNMENTS, at_least=4)
        ),
        moves=tuple(
            Move(row[0], _minute(MOVES, line, row[1]), row[2], row[3]) for line, row in _rows(texts, MOVES, at_least=4)
        ),
        deliveries=tuple(_delivery(line, row) for line, row in _rows(texts, DELIVERIES, at_least=7)),
    )


def _delivery_line(told: Delivery) -> str:
    brought = (told.pickup_min, told.dropoff_min, told.courier)
    given = f"{told.order} {told.placed_min} {told.restaurant} {told.ready_min}"
    return " ".join([given, *("" if value is None else str(value) for value in brought)])


def _delivery(line: int, row: list[str]) -> Delivery:
    placed, ready = (_minute(DELIVERIES, line, row[column]) for column in (1, 3))
    pickup, dropoff = (_minute(DELIVERIES, line, row[column]) if row[column] else None for column in (4, 5))
    return Delivery(row[0], placed, row[2], ready, pickup, dropoff, row[6] or None)


def _lines(name: str, rows: Iterator[str]) -> str:
    return "\n".join([HEADERS[name], *rows]) + "\n"


def _rows(texts: Mapping[str, str], name: str, *, at_least: int) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(texts[name].splitlines()[1:], 2):
        row = line.split(" ")
        if len(row) < at_least:
            raise InvalidData(
                f"{name}, line {number}: {at_least} space-separated columns were expected, {len(row)} were found. "
                f"Each line has the form: {HEADERS[name]}."
            )
        yield number, row


def _minute(name: str, line: int, text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise InvalidData(f"{name}, line {line}: a whole minute was expected, {text!r} was found.") from error
