"""Two-stage commitment: decisions every five minutes, and bundles that are settled when they are picked up.

Who must leave before the next decision is bound to a restaurant and to what he left for; others may join until then.

References
----------
Reyes, Erera, Savelsbergh, Sahasrabudhe, O'Neil (2018), The meal delivery routing problem, section 4.
"""

from tiffin.engines.simulation.instances.instance import Instance
from tiffin.engines.simulation.instances.outcome import Outcome
from tiffin.engines.simulation.instances.rolling import Manner, run
from tiffin.engines.simulation.instances.routes import LONGEST

MANNER = Manner(every=5, ahead=20, most=LONGEST, joins=1)


def two_stage(instance: Instance) -> Outcome:
    """Run an instance with two-stage commitment."""
    return run(instance, MANNER)
