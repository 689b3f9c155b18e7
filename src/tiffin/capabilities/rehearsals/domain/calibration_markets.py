"""Markets set up like those that the real files come from, and what of the simulator each file can settle."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.rehearsals.domain.calibration_setup import (
    Days,
    Fitting,
    Setup,
    cells,
    columns_of,
    in_metres,
    like,
    profile_of,
    quantile_moments,
    quartiles_apart,
    ratio_moments,
    rows_of,
)
from tiffin.capabilities.rehearsals.domain.calibration_source import HOURS, Source
from tiffin.engines.simulation.calibrating.market import Market, flat_traffic, round_town
from tiffin.engines.simulation.calibrating.measures import declined, hour_use
from tiffin.engines.simulation.calibrating.moments import Unknown
from tiffin.engines.simulation.calibrating.readings import (
    Reading,
    basket_spread_of,
    day_spread_of,
    even_between,
    inverse,
    items_mean_of,
    mean_of,
    median_of,
    plus,
    ratio_within,
    share_of,
    slope_of,
    spread_of,
    times,
)
from tiffin.engines.simulation.tables import Floats, Status

MINUTE_S = 60.0
KILOMETRE_M = 1000.0
DAY_MIN = 24 * 60.0
PREPARATION = (Unknown("prep_median_s", 60.0, 3000.0, 800.0), Unknown("prep_spread", 0.05, 1.5, 0.4))
DISTANCE = Unknown("drop_distance_m", 100.0, 8000.0, 1500.0)
SUPPLY = Unknown("target_utilisation", 0.1, 1.5, 0.8)
SHORTAGE = Unknown("target_utilisation", 0.8, 20.0, 3.0)
WAITING = (Unknown("dispatch_lead_s", 30.0, 2400.0, 600.0), Unknown("service_spread", 0.05, 1.2, 0.4))
PROMISE = (Unknown("promise_buffer_s", 1.0, 2400.0, 240.0), Unknown("prep_merchant_spread", 0.02, 1.0, 0.25))
APART_M = 1700.0
WHOLE_MARKET_M = 16_000.0
"""Ten miles: what doordash_eta counts as around an order."""
PALO_ALTO = 1.0
"""Number of the region among the file's, in alphabetical order."""
SAMPLED = 0.1
"""The share of a public set that doordash_eta here holds."""
TOWN = 4.0
"""Number of the instance whose town is simulated: 1,185 orders on 11 by 10 kilometres."""
INSTANCE_DAYS = 8
ITEMS = 1.0 + np.floor(-2.2 * np.log((np.arange(1000) + 0.5) / 1000))
"""Item counts as they are simulated; the file with the baskets of doordash_ops has none."""
RIDE_PLACES = 60
"""Places where rides begin; nothing tells how many there are."""
BUSIEST = 1.0
"""Number of the market with the most orders."""


def doordash_ops(source: Source) -> Setup:
    """Set up Palo Alto: stages of orders; nothing about places."""
    columns = ("to_merchant_min", "from_merchant_min", "click_to_door_min")
    town, asap = source.columns["region"] == PALO_ALTO, source.columns["is_asap"] == 1
    of_asap = source.where(asap)
    accept = of_asap.known("accept_min")[0]
    basket = of_asap.known("basket")[0]
    return Setup(
        market=like(
            source,
            round_town(zones=7, apart_m=APART_M, merchants=len(np.unique(source.where(town).known("merchant")[0]))),
            where=town,
        ),
        read={
            "accept_median_s": times(median_of(accept[accept > 0]), MINUTE_S),
            "accept_spread": spread_of(accept[accept > 0]),
            "discount_share": share_of(of_asap.columns["discounted"]),
            "first_order_share": share_of(of_asap.known("is_first")[0]),
            "tip_share": share_of(of_asap.columns["tipped"]),
            "basket_spread": basket_spread_of(basket[basket > 0], ITEMS),
            "day_noise": day_spread_of(*source.where(town).days()),
        },
        fitting=Fitting(
            unknowns=(*PREPARATION, DISTANCE, *WAITING),
            rows=rows_of(source, columns, town & asap, most=DAY_MIN),
            simulated=lambda days: columns_of(days, columns),
            moments=quantile_moments,
            scale=quartiles_apart,
            days=10,
        ),
    )


def wolt_2020(source: Source) -> Setup:
    """Set up Helsinki: promises, durations, places, weather."""
    columns = ("distance_m", "click_to_door_min", "promised_min", "late_min")
    x_m, y_m = in_metres(*source.known("venue_lat", "venue_lng"))
    merchants = len(np.unique(np.column_stack([x_m, y_m]), axis=0))
    return Setup(
        market=like(source, cells(x_m, y_m, merchants=merchants)),
        read={
            "items_mean": items_mean_of(source.known("items")[0]),
            "day_noise": day_spread_of(*source.days()),
            "speed_m_min": inverse(minutes_per_km(source), KILOMETRE_M),
            "rain_demand_share": plus(rain_on_demand(source), -1.0),
        },
        fitting=Fitting(
            unknowns=(*PREPARATION, DISTANCE, *PROMISE, *WAITING),
            rows=rows_of(source, columns, np.ones(len(source.columns["day"]), dtype=np.bool_)),
            simulated=lambda days: columns_of(days, columns),
            moments=quantile_moments,
            scale=quartiles_apart,
            days=12,
        ),
    )


def minutes_per_km(source: Source) -> Reading:
    """Read how many minutes longer an order takes for each straight kilometre."""
    away, took = source.known("distance_m", "click_to_door_min")
    return slope_of(away / KILOMETRE_M, took)


def rain_on_demand(source: Source) -> Reading:
    """Read by which factor hours with rain have more orders than dry ones of the same hour and weekday."""
    wet, hour, weekday, day = source.known("rain_mm", "hour", "weekday", "day")
    _, first, counts = np.unique(day * HOURS + hour, return_index=True, return_counts=True)
    group = (weekday[first] * HOURS + hour[first]).astype(np.int64)
    return ratio_within(wet[first] > 0, counts.astype(np.float64), group)


def rain_on_duration(source: Source) -> Reading:
    """Read by which factor orders placed in rain take longer than dry ones of the same hour and weekday."""
    wet, hour, weekday, took = source.known("rain_mm", "hour", "weekday", "click_to_door_min")
    return ratio_within(wet > 0, took, (weekday * HOURS + hour).astype(np.int64))


def doordash_eta(source: Source) -> Setup:
    """Set up the market with the most orders of six: load, durations, baskets."""
    columns = ("click_to_door_min", "busy_share", "outstanding_per_rider", "ride_min")
    market = source.columns["market"] == BUSIEST
    here = source.where(market)
    basket = here.known("basket")[0]
    return Setup(
        market=like(
            source,
            round_town(zones=13, apart_m=APART_M, merchants=len(np.unique(here.known("merchant")[0]))),
            where=market,
            sampled=SAMPLED,
            days=7,
        ),
        read={
            "basket_spread": basket_spread_of(basket[basket > 0], np.maximum(1.0, here.known("items")[0])),
            "items_mean": items_mean_of(here.known("items")[0]),
            "promise_usual_load": mean_of(here.known("outstanding_per_rider")[0]),
        },
        held={"surroundings_m": WHOLE_MARKET_M},
        fitting=Fitting(
            unknowns=(*PREPARATION, DISTANCE, SUPPLY, *WAITING),
            rows=rows_of(source, columns, market, most=DAY_MIN),
            simulated=lambda days: columns_of(days, columns),
            moments=quantile_moments,
            scale=quartiles_apart,
            days=2,
        ),
    )


def grubhub_mdrp(source: Source) -> Setup:
    """Set up the town of one instance, with its kitchens and its roster."""
    columns = ("prepare_min", "distance_m")
    town = source.columns["instance"] == TOWN
    here = source.where(town)
    hours = here.hours()
    session = source.columns["session_min"][source.columns["session_instance"] == TOWN] / MINUTE_S
    merchants = len(np.unique(here.columns["merchant"]))
    return Setup(
        market=Market(
            layout=cells(here.columns["x_m"], here.columns["y_m"], merchants=merchants),
            orders=np.full(INSTANCE_DAYS, hours.sum()),
            profile=profile_of(hours),
            travel=flat_traffic(),
        ),
        read=even_between(session, "session_hours_min", "session_hours_max"),
        fitting=Fitting(
            unknowns=(*PREPARATION, DISTANCE),
            rows=rows_of(here, columns, np.ones(int(town.sum()), dtype=np.bool_)),
            simulated=lambda days: columns_of(days, columns),
            moments=quantile_moments,
            scale=quartiles_apart,
            days=4,
        ),
    )


def bolt_hourly(source: Source) -> Setup:
    """Set up a city of rides, as many as were finished: how much of their time drivers have work."""
    rides = np.bincount(*_weighted(source, "hour", "rides"), minlength=HOURS).astype(np.float64)
    days = len(np.unique(source.known("day")[0]))
    rows = np.column_stack(source.known("busy_min", "online_min"))
    return Setup(
        market=Market(
            layout=round_town(zones=7, apart_m=APART_M, merchants=RIDE_PLACES),
            orders=np.full(days, rides.sum() / days),
            profile=profile_of(rides),
            travel=flat_traffic(),
        ),
        read={},
        fitting=Fitting(
            unknowns=(SUPPLY,),
            rows=rows,
            simulated=lambda simulated: np.column_stack([part.ravel() for part in hour_use(simulated)]),
            moments=ratio_moments,
            scale=np.abs,
            days=days,
        ),
    )


def uber_requests(source: Source) -> Setup:
    """Set up requests between a city and its airport: how often nobody comes, and how often a driver cancels."""
    lost, declined = source.columns["no_rider"], source.columns["rider_cancelled"]
    rows = np.column_stack([lost, np.ones(len(lost)), declined, 1.0 - lost])
    return Setup(
        market=like(source, round_town(zones=5, apart_m=APART_M, merchants=RIDE_PLACES)),
        read={},
        fitting=Fitting(
            unknowns=(SHORTAGE, Unknown("decline_share", 0.005, 0.9, 0.2)),
            rows=rows,
            simulated=_asked_in_vain,
            moments=ratio_moments,
            scale=np.abs,
            days=4,
        ),
    )


def _asked_in_vain(days: Days) -> Floats:
    lost = np.concatenate([day.simulated.happened.track.status == Status.NO_RIDER for day in days]).astype(np.float64)
    refused = declined(days).astype(np.float64)
    rows = np.zeros((len(lost) + len(refused), 4))
    rows[: len(lost), 0], rows[: len(lost), 1] = lost, 1.0
    rows[len(lost) :, 2], rows[len(lost) :, 3] = refused, 1.0
    return rows


def _weighted(source: Source, name: str, weight: str) -> tuple[NDArray[np.int64], Floats]:
    position, amount = source.known(name, weight)
    return position.astype(np.int64), amount


SETUPS: Mapping[str, Callable[[Source], Setup]] = {
    "doordash_ops": doordash_ops,
    "wolt_2020": wolt_2020,
    "doordash_eta": doordash_eta,
    "grubhub_mdrp": grubhub_mdrp,
    "bolt_hourly": bolt_hourly,
    "uber_requests": uber_requests,
}
"""Sources that have a simulated market of their own."""
