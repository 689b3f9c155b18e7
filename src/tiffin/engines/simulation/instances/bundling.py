"""Rolling assignment with bundles by insertion: orders of a restaurant go together where that costs less than apart."""

from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.instances.outcome import Outcome
from tiffin.engines.simulation.instances.rolling import Manner, run
from tiffin.engines.simulation.instances.routes import LONGEST

MANNER = Manner(every=1, ahead=20, most=LONGEST, joins=0)


def bundling(instance: Instance) -> Outcome:
    """Run an instance with rolling assignment of bundles."""
    return run(instance, MANNER)
