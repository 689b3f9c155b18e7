"""The numbers by which orders' delays are attributed, as they hold on a day."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionParameters:
    """Numbers in force; ``attribution.yaml`` says from when, and where each comes from.

    Parameters
    ----------
    late_tolerance_s : an order is late when it comes this much after its promise
    fair_quantile, blame_quantile : of a stage's time under its conditions
    pooling_orders : orders that a coarser condition counts for
    history_days : days from which is learned
    area_m : zones this near are one area
    around_half_hours : half hours before and after that count as around
    around_orders : other orders that what is usual counts for, when something around is measured
    waiting_gain : how much more than its excess over the usual of the waiting around is what made it rise
    rider_weight, approach_weight : how much of what a rider's way to the door, to the merchant took beyond the usual
        counts as his own
    noise_floor : factors of demand and riders nearer to the usual than this are nobody's
    crowd_spreads : demand of the hours around nearer to its usual than this many of its spreads is nobody's
    ride_floor : factor of everybody's rides below which the area is not slow
    kitchen_floor_s : by how much kitchens around must be slower to hold riders up
    ride_weight, kitchen_weight : what slow rides and slow kitchens count for beside demand and riders, when they wait
    promise_floor_s : a promise that is this much too short, around and in itself, is wrong
    noise_s : by how much a party's own seconds are off by chance
    market_noise : by how much those that are put down to the market around are, as a share of them
    together_noise : how much more his own where the rider had other doors before
    slow_noise : by how much a stage is off its blame time by chance, as a logarithm, however many orders tell of it
    certain_percent : confidence that suffices without a person
    """

    late_tolerance_s: float
    fair_quantile: float
    blame_quantile: float
    pooling_orders: float
    history_days: int
    area_m: float
    around_half_hours: int
    around_orders: float
    waiting_gain: float
    rider_weight: float
    approach_weight: float
    noise_floor: float
    crowd_spreads: float
    ride_floor: float
    kitchen_floor_s: float
    ride_weight: float
    kitchen_weight: float
    promise_floor_s: float
    noise_s: float
    market_noise: float
    together_noise: float
    slow_noise: float
    certain_percent: int
