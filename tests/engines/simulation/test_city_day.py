"""What an ordinary simulated day is like."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tiffin.engines.simulation.aftermath import Reason, follow_up
from tiffin.engines.simulation.city import City, Layout, make_city
from tiffin.engines.simulation.city_day import DayPlan, SimulatedDay, simulate
from tiffin.engines.simulation.parameters import Parameters
from tiffin.engines.simulation.roster import plan_shifts
from tiffin.engines.simulation.streams import Stream
from tiffin.engines.simulation.tables import SLOTS, Status

Day = Callable[..., SimulatedDay]


def test_a_kitchen_slows_under_a_backlog(day_of: Day) -> None:
    calm, slow = (day_of(orders=9000, conversion_per_min=0.0, kitchen_slowdown=slowdown) for slowdown in (0.0, 2.0))
    took = [day.happened.track.ready_s - day.happened.track.accepted_s for day in (calm, slow)]
    known = (calm.happened.track.ready_s > 0) & (slow.happened.track.ready_s > 0)

    assert took[1][known].mean() > 1.05 * took[0][known].mean()


def test_too_few_riders_lose_orders_and_enough_lose_none(day_of: Day) -> None:
    lost = {u: (day_of(target_utilisation=u).happened.track.status == Status.NO_RIDER).mean() for u in (0.5, 4.0)}

    assert lost[0.5] < 0.01
    assert lost[4.0] > 0.05


def test_the_promise_is_stretched_by_load(day_of: Day) -> None:
    loose, tight = day_of(promise_load_s=0.0), day_of(promise_load_s=1200.0, target_utilisation=2.0)
    usual = (loose.happened.track.promised_s - loose.orders.placed_s).mean()

    assert (tight.happened.track.promised_s - tight.orders.placed_s).mean() > usual + 60


def test_riders_needed_are_planned_in_every_slot(parameters: Parameters) -> None:
    expected = np.zeros((2, SLOTS))
    expected[0, 10:20], expected[1, 30:34] = 6.0, 2.0
    shifts = plan_shifts(expected, parameters, Stream.of_seed(3))
    on = np.zeros((2, SLOTS + 2))
    for shift in shifts:
        on[shift.zone, round(shift.on_s / 1800) : shift.off_s // 1800] += 1
    need = expected * parameters.cycle_s / 1800 / parameters.target_utilisation

    assert (on[:, :SLOTS] >= np.floor(need)).all()
    assert not on[0, :10].any()


def test_nobody_orders_across_the_water(parameters: Parameters) -> None:
    layout = Layout(
        x_m=np.array([0.0, 1500.0]),
        y_m=np.zeros(2),
        weight=np.ones(2),
        district=np.array([0, 1]),
        merchants=20,
    )
    city = make_city(layout, parameters, Stream.of_seed(1))
    flat = DayPlan(orders=300, profile=np.ones(SLOTS) / SLOTS, travel=np.ones(SLOTS), vehicles=(1.0, 0.0, 0.0))
    day = simulate(city, flat, parameters, Stream.of_seed(2))
    carried = day.happened.track.session >= 0

    assert (city.merchants.zone[day.orders.merchant] == day.orders.drop_zone).all()
    assert carried.sum() > 200
    rider = day.happened.track.session[carried]
    assert (day.sessions.zone[rider] == day.orders.drop_zone[carried]).all()


def test_lateness_brings_contacts_refunds_and_fewer_stars(day_of: Day, parameters: Parameters) -> None:
    day = day_of(orders=3000)
    track = day.happened.track.copy()
    track.delivered_s += np.where(track.status == Status.DELIVERED, 1800, 0)
    sure = replace(parameters, rating_share=0.9)
    timely, late = (follow_up(day.orders, t, sure, Stream.of_seed(4)) for t in (day.happened.track, track))

    assert (late.contact != Reason.NONE).sum() > 3 * (timely.contact != Reason.NONE).sum()
    assert (late.refund != Reason.NONE).sum() > 2 * (timely.refund != Reason.NONE).sum()
    assert late.stars[late.stars > 0].mean() < timely.stars[timely.stars > 0].mean() - 0.5
    assert set(np.unique(timely.refund_share[timely.refund == Reason.CANCELLED])) == {1.0}


def test_orders_follow_the_profile_and_the_weights(day_of: Day, city: City) -> None:
    day = day_of(orders=8000, day_noise=0.0, zone_noise=0.0)
    by_zone = np.bincount(city.merchants.zone[day.orders.merchant], minlength=city.zones) / len(day.orders)

    assert len(day.orders) == pytest.approx(8000, rel=0.05)
    assert by_zone == pytest.approx(city.weight, abs=0.02)
    assert (day.orders.placed_s < 44 * 1800).all()
