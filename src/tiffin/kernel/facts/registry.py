"""Every fact table by name; generated from the contracts, never edited by hand."""

from collections.abc import Mapping
from types import MappingProxyType

from tiffin.kernel.contract import TableContract
from tiffin.kernel.facts.adherence import ADHERENCE
from tiffin.kernel.facts.appeals import APPEALS
from tiffin.kernel.facts.campaigns import CAMPAIGNS
from tiffin.kernel.facts.check_results import CHECK_RESULTS
from tiffin.kernel.facts.cities import CITIES
from tiffin.kernel.facts.city_calendars import CITY_CALENDARS
from tiffin.kernel.facts.city_days import CITY_DAYS
from tiffin.kernel.facts.commands import COMMANDS
from tiffin.kernel.facts.contacts import CONTACTS
from tiffin.kernel.facts.costs import COSTS
from tiffin.kernel.facts.customer_sessions import CUSTOMER_SESSIONS
from tiffin.kernel.facts.delay_causes import DELAY_CAUSES
from tiffin.kernel.facts.dispatch_offers import DISPATCH_OFFERS
from tiffin.kernel.facts.disruptions import DISRUPTIONS
from tiffin.kernel.facts.employees import EMPLOYEES
from tiffin.kernel.facts.evidence import EVIDENCE
from tiffin.kernel.facts.fleets import FLEETS
from tiffin.kernel.facts.marketplace_slots import MARKETPLACE_SLOTS
from tiffin.kernel.facts.merchant_states import MERCHANT_STATES
from tiffin.kernel.facts.merchants import MERCHANTS
from tiffin.kernel.facts.metric_values import METRIC_VALUES
from tiffin.kernel.facts.order_items import ORDER_ITEMS
from tiffin.kernel.facts.order_stages import ORDER_STAGES
from tiffin.kernel.facts.orders import ORDERS
from tiffin.kernel.facts.penalties import PENALTIES
from tiffin.kernel.facts.personal_values import PERSONAL_VALUES
from tiffin.kernel.facts.planted_rows import PLANTED_ROWS
from tiffin.kernel.facts.promises import PROMISES
from tiffin.kernel.facts.ratings import RATINGS
from tiffin.kernel.facts.redemptions import REDEMPTIONS
from tiffin.kernel.facts.refunds import REFUNDS
from tiffin.kernel.facts.rehearsal_outcomes import REHEARSAL_OUTCOMES
from tiffin.kernel.facts.rider_positions import RIDER_POSITIONS
from tiffin.kernel.facts.rider_sessions import RIDER_SESSIONS
from tiffin.kernel.facts.riders import RIDERS
from tiffin.kernel.facts.roster import ROSTER
from tiffin.kernel.facts.surge_actions import SURGE_ACTIONS
from tiffin.kernel.facts.survey_answers import SURVEY_ANSWERS
from tiffin.kernel.facts.teams import TEAMS
from tiffin.kernel.facts.verdicts import VERDICTS
from tiffin.kernel.facts.weather import WEATHER
from tiffin.kernel.facts.zones import ZONES

_CONTRACTS = (
    ADHERENCE,
    APPEALS,
    CAMPAIGNS,
    CHECK_RESULTS,
    CITIES,
    CITY_CALENDARS,
    CITY_DAYS,
    COMMANDS,
    CONTACTS,
    COSTS,
    CUSTOMER_SESSIONS,
    DELAY_CAUSES,
    DISPATCH_OFFERS,
    DISRUPTIONS,
    EMPLOYEES,
    EVIDENCE,
    FLEETS,
    MARKETPLACE_SLOTS,
    MERCHANT_STATES,
    MERCHANTS,
    METRIC_VALUES,
    ORDER_ITEMS,
    ORDER_STAGES,
    ORDERS,
    PENALTIES,
    PERSONAL_VALUES,
    PLANTED_ROWS,
    PROMISES,
    RATINGS,
    REDEMPTIONS,
    REFUNDS,
    REHEARSAL_OUTCOMES,
    RIDER_POSITIONS,
    RIDER_SESSIONS,
    RIDERS,
    ROSTER,
    SURGE_ACTIONS,
    SURVEY_ANSWERS,
    TEAMS,
    VERDICTS,
    WEATHER,
    ZONES,
)

TABLES: Mapping[str, TableContract] = MappingProxyType({contract.name: contract for contract in _CONTRACTS})
"""Contract of each fact table."""
