"""Which columns the demo marketplace fills; a test holds it against what the simulator writes."""

from collections.abc import Mapping

SIMULATED: Mapping[str, tuple[str, ...]] = {
    table: tuple(columns.split())
    for table, columns in {
        "cities": (
            "city_id name country timezone timezone_known cutoff_min weekend currency latitude longitude "
            "is_simulated source"
        ),
        "zones": "city_id zone_id name h3_cell polygon latitude longitude source",
        "fleets": "city_id fleet_id name kind source",
        "merchants": "city_id merchant_id name category zone_id latitude longitude x_m y_m source",
        "riders": "city_id rider_id vehicle fleet_id joined_at source",
        "orders": (
            "city_id order_id country zone_id dropoff_zone_id merchant_id customer_id rider_id category "
            "vehicle status cancelled_by cancel_reason placed_at accepted_at ready_at assigned_at "
            "arrived_at_merchant_at picked_up_at arrived_at_customer_at delivered_at cancelled_at returned_at "
            "promised_at distance_m item_count distinct_item_count is_asap is_first_order currency basket_minor "
            "delivery_fee_minor discount_minor tip_minor pickup_latitude pickup_longitude dropoff_latitude "
            "dropoff_longitude pickup_x_m pickup_y_m dropoff_x_m dropoff_y_m riders_on_shift riders_busy "
            "outstanding_orders predicted_travel_s predicted_place_s business_date source"
        ),
        "order_stages": "city_id order_id stage at rider_id business_date source",
        "promises": "city_id order_id made_at promised_at shown reason zone_id source",
        "customer_sessions": (
            "city_id session_id customer_id seen_at asked_at placed_at order_id zone_id shown_min is_served source"
        ),
        "dispatch_offers": (
            "city_id order_id rider_id offered_at answered_at outcome decline_reason distance_m pay_minor currency "
            "zone_id business_date source"
        ),
        "rider_sessions": (
            "city_id rider_id on_at off_at zone_id vehicle fleet_id online_min busy_min waiting_min "
            "orders_delivered source"
        ),
        "marketplace_slots": (
            "city_id zone_id slot_at slot_min demand_orders lost_orders riders_on_shift riders_busy "
            "outstanding_orders online_min busy_min waiting_min orders_finished riders_active source"
        ),
        "weather": "city_id observed_at temperature_c wind_m_s precipitation_mm cloud_share source",
        "refunds": (
            "city_id refund_id order_id refunded_at amount_minor currency reason zone_id merchant_id rider_id "
            "business_date source"
        ),
        "contacts": (
            "city_id contact_id order_id contacted_at channel reason zone_id merchant_id rider_id business_date source"
        ),
        "ratings": "city_id order_id rated_at stars zone_id merchant_id rider_id business_date source",
        "disruptions": (
            "disruption_id city_id zone_id zone_ids kind cause party starts_at ends_at strength business_date source"
        ),
    }.items()
}
"""Columns by table; what the platform derives at load is not among them."""
