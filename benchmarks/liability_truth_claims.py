"""False claims in a simulated world's facts, planted when its days are over; nothing here really happened.

On the middle one of the judged days a ring claims refunds for goods that it received, as in the shipped scenario
``false-claims``: 40 customers with two riders and a merchant, nine orders in ten.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from liability_truth_worlds import FIRST, World

from tiffin.capabilities.rehearsals.domain.false_claims import with_false_claims
from tiffin.capabilities.rehearsals.domain.planted_rows import Notes
from tiffin.capabilities.rehearsals.domain.scenario import FraudRing, Planted
from tiffin.capabilities.rehearsals.service.definitions import read_profiles, read_scenario
from tiffin.engines.simulation.disruptions import Kind
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.truth.parties import PARTY_OF

RING = FraudRing(customers=40, riders=2, merchants=1)
CLAIMED = 0.9
FROM_MIN, TO_MIN = 10 * 60, 23 * 60


@dataclass(frozen=True, slots=True)
class Claims:
    """What customers wrote and got back, with the ring's claims among it.

    Parameters
    ----------
    refunds, contacts : columns of the tables
    false : orders of which a claim is false
    """

    refunds: Mapping[str, Any]
    contacts: Mapping[str, Any]
    false: frozenset[str]


def with_claims(world: World) -> Claims:
    """Plant a ring in a world's judged days."""
    setting = world.setting
    planted = Planted(
        day=FIRST + timedelta(days=setting.history + setting.judged // 2),
        kind=Kind.FRAUD_RING,
        starts_min=FROM_MIN,
        ends_min=TO_MIN,
        strength=CLAIMED,
        zone_ids=(),
        story="",
        party=PARTY_OF[Kind.FRAUD_RING],
        detail=RING,
    )
    scenario = replace(read_scenario(setting.city_id, profiles=read_profiles()), planted=(planted,))
    notes = Notes("ring", planted)
    told = with_false_claims(world.facts, scenario, notes, Stream.of_seed(setting.seed).child("ring"))
    false = frozenset(str(row["order_id"]) for row in notes.rows if row["what"] == "false_claim")
    return Claims(told["refunds"], told["contacts"], false)
