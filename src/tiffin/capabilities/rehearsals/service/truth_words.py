"""The words of the truth: parties, stages, what is planted after the day, as messages to translate."""

from collections.abc import Mapping

from tiffin.capabilities.rehearsals.domain.delay_facts import ORDINARY
from tiffin.engines.simulation.truth.parties import Party
from tiffin.engines.simulation.truth.stages import Stage
from tiffin.runtime.i18n import mark

PARTIES: Mapping[str, str] = {
    Party.CUSTOMER: mark("The customer"),
    Party.MERCHANT: mark("The merchant"),
    Party.RIDER: mark("The rider"),
    Party.PLATFORM: mark("The platform"),
    Party.CIRCUMSTANCES: mark("Circumstances"),
    ORDINARY: mark("Nobody: it is ordinary"),
    "": mark("Not told"),
}

OWN_CHANCE: Mapping[str, str] = {
    Party.CUSTOMER: mark("The customer's own chance"),
    Party.MERCHANT: mark("The merchant's own chance"),
    Party.RIDER: mark("The rider's own chance"),
}

STAGES: Mapping[str, str] = {
    Stage.ACCEPTANCE: mark("Accepting"),
    Stage.PREPARATION: mark("Preparing"),
    Stage.WAITING: mark("No rider yet"),
    Stage.APPROACH: mark("Rider coming"),
    Stage.PICKUP: mark("Picking up"),
    Stage.RIDE: mark("Riding"),
    Stage.HANDOVER: mark("At the door"),
}

PLANTED: Mapping[str, str] = {
    "member": mark("members of a ring"),
    "false_claim": mark("false claims"),
    "late": mark("rows that came late"),
    "doubled": mark("rows told twice"),
    "shifted": mark("rows with a shifted clock"),
    "lost": mark("rows that were lost"),
}
