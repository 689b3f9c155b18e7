"""How much of a file from outside is believed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds beyond which a file is taken for an attack or an accident.

    Parameters
    ----------
    line_bytes : int
        Longest line.
    columns : int
        Most columns in a header.
    separators : int
        Most separators in a line; far more cells than the header has take a parser minutes each.
    cell_chars : int
        Longest text of a cell that is kept in quarantine.
    expansion : int
        Most bytes that one compressed byte may become, once ``expansion_after`` bytes came out.
    expansion_after : int
        Bytes that may come out before the expansion is looked at; small files compress well by chance.
    malformed : int
        Most rows of one file that have another number of cells than its header.
    members : int
        Most members of an archive.
    total_bytes : int
        Most bytes that one file may become.
    """

    line_bytes: int = 1_000_000
    columns: int = 2_000
    separators: int = 50_000
    cell_chars: int = 100_000
    expansion: int = 250
    expansion_after: int = 32_000_000
    malformed: int = 100_000
    members: int = 10_000
    total_bytes: int = 512_000_000_000


DEFAULT_LIMITS = Limits()
