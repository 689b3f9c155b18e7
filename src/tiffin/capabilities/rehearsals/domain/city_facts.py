"""All facts of a simulated city, table by table."""

from collections.abc import Mapping

from tiffin.capabilities.rehearsals.domain.aftermath_facts import contact_columns, rating_columns, refund_columns
from tiffin.capabilities.rehearsals.domain.city_run import CityRun
from tiffin.capabilities.rehearsals.domain.ledger import make_ledger
from tiffin.capabilities.rehearsals.domain.offer_facts import offer_columns
from tiffin.capabilities.rehearsals.domain.order_facts import Columns, order_columns, stage_columns
from tiffin.capabilities.rehearsals.domain.place_facts import (
    city_columns,
    disruption_columns,
    weather_columns,
    zone_columns,
)
from tiffin.capabilities.rehearsals.domain.supply_facts import (
    fleet_columns,
    merchant_columns,
    rider_columns,
    session_columns,
    slot_columns,
)
from tiffin.capabilities.rehearsals.domain.visit_facts import promise_columns, visit_columns
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.streams import Stream

CITIES = "cities"


def city_facts(run: CityRun, parameters: Parameters, stream: Stream) -> Mapping[str, Columns]:
    """Write down everything that a run left behind, by table; places come before what happened there."""
    ledger = make_ledger(run)
    orders = order_columns(ledger, parameters)
    return {
        CITIES: city_columns(run.scenario),
        "zones": zone_columns(run.scenario),
        "fleets": fleet_columns(ledger),
        "merchants": merchant_columns(ledger),
        "riders": rider_columns(ledger),
        "orders": orders,
        "order_stages": stage_columns(orders),
        "promises": promise_columns(ledger, orders),
        "customer_sessions": visit_columns(ledger, orders, parameters, stream),
        "dispatch_offers": offer_columns(ledger, parameters),
        "rider_sessions": session_columns(ledger),
        "marketplace_slots": slot_columns(ledger),
        "weather": weather_columns(ledger, stream.child("weather")),
        "refunds": refund_columns(ledger),
        "contacts": contact_columns(ledger),
        "ratings": rating_columns(ledger),
        "disruptions": disruption_columns(ledger),
    }
