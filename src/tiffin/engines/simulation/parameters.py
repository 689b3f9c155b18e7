"""What a simulated marketplace is made of; every number comes from outside, dated and with its source."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """Numbers that hold for every simulated city; names carry their unit.

    Values live in ``capabilities/rehearsals/parameters.yaml`` with from-date and source.
    """

    # merchants
    accept_median_s: float
    accept_spread: float
    prep_median_s: float
    prep_spread: float
    prep_merchant_spread: float
    prep_rush_capacity_min: float
    kitchen_slowdown: float
    refusal_share: float
    # riding and handing over
    speed_m_min: float
    motorcycle_speed_m_min: float
    bicycle_speed_m_min: float
    car_traffic_share: float
    motorcycle_traffic_share: float
    bicycle_traffic_share: float
    car_weather_share: float
    motorcycle_weather_share: float
    bicycle_weather_share: float
    detour_factor: float
    ride_spread: float
    pickup_service_s: float
    dropoff_service_s: float
    service_spread: float
    drop_distance_m: float
    home_after_s: float
    # dispatch
    dispatch_lead_s: float
    dispatch_radius_m: float
    waiting_order_age_m_s: float
    give_up_median_s: float
    give_up_spread: float
    offer_answer_mean_s: float
    offer_expires_s: float
    decline_share: float
    decline_per_km: float
    decline_bicycle_per_km: float
    decline_per_pay: float
    offer_usual_way_m: float
    rider_pay_base: float
    rider_pay_km: float
    batch_s: float
    batch_ahead_s: float
    bundle_wait_s: float
    bundle_detour_s: float
    # promise
    promise_buffer_s: float
    promise_approach_s: float
    promise_step_s: float
    promise_load_s: float
    promise_usual_load: float
    surroundings_m: float
    # customers
    visit_mean_s: float
    conversion_share: float
    conversion_per_min: float
    absent_share: float
    absent_wait_s: float
    absent_found_share: float
    absent_left_share: float
    wrong_address_share: float
    wrong_address_call_s: float
    wrong_address_m: float
    wrong_address_return_share: float
    return_service_s: float
    regret_share: float
    patience_median_s: float
    patience_spread: float
    rain_demand_share: float
    day_noise: float
    zone_noise: float
    # riders
    cycle_s: float
    target_utilisation: float
    no_show_share: float
    early_leave_share: float
    early_leave_s: float
    session_hours_min: float
    session_hours_max: float
    # what follows an order
    contact_share: float
    contact_late_share: float
    contact_very_late_share: float
    contact_lost_share: float
    contact_failed_share: float
    issue_share: float
    issue_refund_share: float
    late_refund_share: float
    partial_refund_share: float
    return_refund_share: float
    rating_share: float
    first_order_share: float
    tip_share: float
    discount_share: float
    basket_spread: float
    items_mean: float
