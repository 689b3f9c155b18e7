"""The table of targets: each quantity of a real file that simulated days are set against."""

from collections.abc import Callable

import numpy as np

from tiffin.capabilities.rehearsals.domain import calibration_measured as of_days
from tiffin.capabilities.rehearsals.domain.calibration import (
    Found,
    Kind,
    Target,
    by_fifth,
    column,
    flagged,
    measured,
    only,
    over,
    relative,
    signed,
    weekday_profile,
)
from tiffin.capabilities.rehearsals.domain.calibration_markets import (
    BUSIEST,
    PALO_ALTO,
    TOWN,
    minutes_per_km,
    rain_on_demand,
    rain_on_duration,
)
from tiffin.capabilities.rehearsals.domain.calibration_others import OTHERS, SUPPLY
from tiffin.capabilities.rehearsals.domain.calibration_source import Source

KITCHEN = ("prep_median_s", "prep_spread")
RIDER = ("drop_distance_m", "dispatch_lead_s", "service_spread", "speed_m_min")
PROMISE = ("promise_buffer_s", "promise_approach_s", "promise_load_s", "prep_merchant_spread")


def _asap(read: Callable[[Source], Found]) -> Callable[[Source], Found]:
    return only("is_asap", 1.0, read)


def _palo_alto(read: Callable[[Source], Found]) -> Callable[[Source], Found]:
    return only("region", PALO_ALTO, _asap(read))


def _busiest(read: Callable[[Source], Found]) -> Callable[[Source], Found]:
    return only("market", BUSIEST, read)


def _session_min(source: Source) -> Found:
    return source.where(source.columns["session_instance"] == TOWN).columns["session_min"]


def _refunds(source: Source) -> Found:
    took, repaid = source.known("click_to_door_min", "refunded")
    return by_fifth(took, repaid > 0)


OPS, WOLT, ETA, GRUBHUB = "doordash_ops", "wolt_2020", "doordash_eta", "grubhub_mdrp"
_SPREAD, _SHARE, _PROFILE, _EFFECT = Kind.DISTRIBUTION, Kind.SHARE, Kind.PROFILE, Kind.EFFECT


def _times(source: str, measure: str, read: Callable[[Source], Found], *answers: str, whole: bool = False) -> Target:
    """Record a time that a fit looked at."""
    return Target(
        source=source,
        measure=measure,
        kind=_SPREAD,
        unit="min",
        real=read,
        simulated=measured(measure, whole=whole),
        parameters=answers,
        fitted=True,
        whole=whole,
    )


MEALS: tuple[Target, ...] = (
    _times(OPS, "accept_min", _asap(column("accept_min")), "accept_median_s", "accept_spread"),
    _times(OPS, "to_merchant_min", _palo_alto(column("to_merchant_min")), *KITCHEN, *RIDER[1:2], *SUPPLY),
    _times(OPS, "from_merchant_min", _palo_alto(column("from_merchant_min")), *KITCHEN, *RIDER),
    _times(OPS, "click_to_door_min", _palo_alto(column("click_to_door_min")), *KITCHEN, *RIDER),
    Target(
        source=OPS,
        measure="hours",
        kind=_PROFILE,
        unit="orders",
        real=only("region", PALO_ALTO, Source.hours),
        simulated=of_days.placed_hours,
        fitted=True,
    ),
    Target(
        source=OPS,
        measure="basket",
        kind=_SPREAD,
        unit="log",
        real=_asap(lambda s: relative(s.known("basket")[0])),
        simulated=of_days.basket,
        parameters=("basket_spread",),
        fitted=True,
    ),
    Target(
        source=OPS,
        measure="discounted",
        kind=_SHARE,
        unit="share",
        real=_asap(flagged("discounted")),
        simulated=of_days.discounted,
        parameters=("discount_share",),
        fitted=True,
    ),
    Target(
        source=OPS,
        measure="refunded",
        kind=_SHARE,
        unit="share",
        real=_asap(flagged("refunded")),
        simulated=of_days.refunded,
        parameters=("issue_share", "issue_refund_share", "late_refund_share"),
    ),
    Target(
        source=OPS,
        measure="refunds_by_fifth",
        kind=_PROFILE,
        unit="share",
        real=_asap(_refunds),
        simulated=of_days.refunds_by_fifth,
        parameters=("issue_refund_share", "late_refund_share"),
    ),
    Target(
        source=WOLT,
        measure="distance_m",
        kind=_SPREAD,
        unit="m",
        real=column("distance_m", most=np.inf),
        simulated=measured("distance_m"),
        parameters=("drop_distance_m",),
        fitted=True,
    ),
    Target(
        source=WOLT,
        measure="minutes_per_km",
        kind=_EFFECT,
        unit="min",
        real=minutes_per_km,
        simulated=of_days.minutes_per_km,
        parameters=("speed_m_min", "ride_spread"),
        fitted=True,
    ),
    _times(WOLT, "click_to_door_min", column("click_to_door_min"), *KITCHEN, *RIDER, whole=True),
    _times(WOLT, "promised_min", column("promised_min"), *PROMISE, whole=True),
    Target(
        source=WOLT,
        measure="late_min",
        kind=_SPREAD,
        unit="min",
        real=signed("late_min"),
        simulated=measured("late_min", whole=True),
        fitted=True,
        parameters=PROMISE,
        whole=True,
    ),
    Target(
        source=WOLT,
        measure="late",
        kind=_SHARE,
        unit="share",
        real=over("late_min", 0.0),
        simulated=of_days.late,
        parameters=PROMISE,
    ),
    Target(
        source=WOLT,
        measure="very_late",
        kind=_SHARE,
        unit="share",
        real=over("late_min", 10.0),
        simulated=of_days.very_late,
        parameters=PROMISE,
    ),
    Target(
        source=WOLT,
        measure="hours",
        kind=_PROFILE,
        unit="orders",
        real=Source.hours,
        simulated=of_days.placed_hours,
        fitted=True,
    ),
    Target(
        source=WOLT,
        measure="weekdays",
        kind=_PROFILE,
        unit="orders",
        real=weekday_profile,
        simulated=of_days.weekday_profile,
        fitted=True,
        parameters=("day_noise",),
    ),
    Target(
        source=WOLT,
        measure="items",
        kind=_SPREAD,
        unit="items",
        real=column("items"),
        simulated=of_days.items,
        parameters=("items_mean",),
        fitted=True,
        whole=True,
    ),
    Target(
        source=WOLT,
        measure="rain_on_demand",
        kind=_EFFECT,
        unit="factor",
        real=rain_on_demand,
        simulated=of_days.rain_on_demand,
        parameters=("rain_demand_share",),
        fitted=True,
    ),
    Target(
        source=WOLT,
        measure="rain_on_duration",
        kind=_EFFECT,
        unit="factor",
        real=rain_on_duration,
        simulated=of_days.rain_on_duration,
    ),
    _times(ETA, "click_to_door_min", _busiest(column("click_to_door_min")), *KITCHEN, *RIDER),
    _times(ETA, "ride_min", _busiest(column("ride_min")), *RIDER[::3], "ride_spread"),
    Target(
        source=ETA,
        measure="busy_share",
        kind=_SPREAD,
        unit="share",
        real=_busiest(column("busy_share")),
        simulated=measured("busy_share"),
        parameters=SUPPLY,
        fitted=True,
    ),
    Target(
        source=ETA,
        measure="outstanding_per_rider",
        kind=_SPREAD,
        unit="orders",
        real=_busiest(column("outstanding_per_rider")),
        simulated=measured("outstanding_per_rider"),
        parameters=SUPPLY,
        fitted=True,
    ),
    Target(
        source=ETA,
        measure="hours",
        kind=_PROFILE,
        unit="orders",
        real=_busiest(Source.hours),
        simulated=of_days.placed_hours,
        fitted=True,
    ),
    Target(
        source=ETA,
        measure="items",
        kind=_SPREAD,
        unit="items",
        real=_busiest(column("items", most=40.0)),
        simulated=of_days.items,
        parameters=("items_mean",),
        fitted=True,
        whole=True,
    ),
    Target(
        source=ETA,
        measure="basket",
        kind=_SPREAD,
        unit="log",
        real=_busiest(lambda s: relative(s.known("basket")[0])),
        simulated=of_days.basket,
        parameters=("basket_spread",),
        fitted=True,
    ),
    _times(
        GRUBHUB,
        "prepare_min",
        only("instance", TOWN, column("prepare_min")),
        "accept_median_s",
        "accept_spread",
        *KITCHEN,
    ),
    Target(
        source=GRUBHUB,
        measure="distance_m",
        kind=_SPREAD,
        unit="m",
        real=only("instance", TOWN, column("distance_m", most=np.inf)),
        simulated=measured("distance_m"),
        parameters=("drop_distance_m",),
        fitted=True,
    ),
    _times(GRUBHUB, "session_min", _session_min, "session_hours_min", "session_hours_max"),
)
"""Quantities of meal platforms."""

TARGETS = (*MEALS, *OTHERS)
"""Every record of the calibration."""
