"""Rolling assignment of one order at a time: twenty minutes ahead, commitment at the last responsible minute."""

from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.instances.outcome import Outcome
from tiffin.engines.simulation.instances.rolling import Manner, run

MANNER = Manner(every=1, ahead=20, most=1, joins=0)


def singly(instance: Instance) -> Outcome:
    """Run an instance with rolling assignment, order by order."""
    return run(instance, MANNER)
