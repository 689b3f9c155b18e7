"""Compile the simulator's machine code once, before many processes would each compile it at the same time.

``python tests/machine_code.py days|instances``; where the code is kept already, nothing is compiled.
"""

import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def days() -> None:
    """Compile the event loop of a city's day."""
    from tiffin.capabilities.rehearsals.service import simulate_day  # noqa: PLC0415 - each kind imports its own alone

    simulate_day("kuwait-city", date(2026, 2, 24), disturbed=True)


def instances() -> None:
    """Compile every dispatcher of the public routing problem."""
    from tests.engines.simulation.conftest import SMALL  # noqa: PLC0415 - the same

    from tiffin.engines.simulation.instances.dispatchers import DISPATCHERS  # noqa: PLC0415 - the same

    for dispatch in DISPATCHERS.values():
        dispatch(SMALL)


KINDS: Mapping[str, Callable[[], None]] = {"days": days, "instances": instances}

if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    for name in sys.argv[1:]:
        KINDS[name]()
