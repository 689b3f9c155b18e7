"""Every fact table by name; generated from the contracts, never edited by hand."""

from collections.abc import Mapping
from types import MappingProxyType

from tiffin.kernel.contract import TableContract
from tiffin.kernel.facts.cities import CITIES
from tiffin.kernel.facts.city_days import CITY_DAYS
from tiffin.kernel.facts.contacts import CONTACTS
from tiffin.kernel.facts.disruptions import DISRUPTIONS
from tiffin.kernel.facts.fleets import FLEETS
from tiffin.kernel.facts.marketplace_slots import MARKETPLACE_SLOTS
from tiffin.kernel.facts.merchants import MERCHANTS
from tiffin.kernel.facts.order_stages import ORDER_STAGES
from tiffin.kernel.facts.orders import ORDERS
from tiffin.kernel.facts.ratings import RATINGS
from tiffin.kernel.facts.refunds import REFUNDS
from tiffin.kernel.facts.rider_sessions import RIDER_SESSIONS
from tiffin.kernel.facts.riders import RIDERS
from tiffin.kernel.facts.weather import WEATHER
from tiffin.kernel.facts.zones import ZONES

_CONTRACTS = (
    CITIES,
    CITY_DAYS,
    CONTACTS,
    DISRUPTIONS,
    FLEETS,
    MARKETPLACE_SLOTS,
    MERCHANTS,
    ORDER_STAGES,
    ORDERS,
    RATINGS,
    REFUNDS,
    RIDER_SESSIONS,
    RIDERS,
    WEATHER,
    ZONES,
)

TABLES: Mapping[str, TableContract] = MappingProxyType({contract.name: contract for contract in _CONTRACTS})
"""Contract of each fact table."""
