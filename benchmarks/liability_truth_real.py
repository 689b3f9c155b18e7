"""The stages of deliveries of a real marketplace (doordash_ops): a smoke check, of which no accuracy can be said.

The file gives when an order was placed, sent to the restaurant, when the driver was there and when it was delivered;
not when the food was ready, nor any promise. So the wait at the restaurant cannot be told from the way to the customer,
the branch that bound is unknown, and nobody is named: each such order would go to a person for want of milestones.
"""

import csv
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tiffin.capabilities.liability.domain.attribution_parameters import AttributionParameters
from tiffin.engines.attribution.stages.quantiles import learn

Floats = NDArray[np.float64]

SHARED = Path(os.environ.get("TIFFIN_DATA", "/work/shared/data"))
FILE = SHARED / "doordash_ops" / "Analytics_Sample_Data_rsc.csv"
COLUMNS = (
    "Customer_placed_order_datetime",
    "Placed_order_with_restaurant_datetime",
    "Driver_at_restaurant_datetime",
    "Delivered_to_consumer_datetime",
)
STAGES = ("passed to the restaurant", "driver there", "waited, ridden, handed over")
LEARNED_DAYS = 20
DAY_S = 86_400
LONGEST_S = 4 * 3600


def _seconds(text: str) -> float:
    """Read a day of the month and a time."""
    if not text.strip():
        return float("nan")
    day, clock = text.split(" ")
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    return int(day) * DAY_S + hours * 3600 + minutes * 60 + seconds


def run_on_real_deliveries(parameters: AttributionParameters) -> None:
    """Print stages, fair and blame times learned from the first days, and how the later ones lie to them."""
    if not FILE.is_file():
        print(f"real deliveries: {FILE} is not here")
        return
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Is_ASAP"].strip().upper() == "TRUE"]
    at = np.array([[_seconds(row[name]) for name in COLUMNS] for row in rows])
    stages = np.diff(at, axis=1)
    known = np.isfinite(stages).all(axis=1) & (stages >= 0).all(axis=1) & (stages.sum(axis=1) < LONGEST_S)
    _, region = np.unique([row["Delivery_Region"] for row in rows], return_inverse=True)
    hour = (at[:, 0] % DAY_S // 3600).astype(np.int64)
    conditions = [region.astype(np.int64), region.astype(np.int64) * 24 + hour]
    learned = known & (at[:, 0] < (LEARNED_DAYS + 1) * DAY_S)
    later = known & ~learned
    print(f"real deliveries (doordash_ops): {len(rows):,} at once, {known.sum():,} with all four instants; learned "
          f"from days 1-{LEARNED_DAYS}, looked at on the rest. No labels, no accuracy.")  # fmt: skip
    over = np.zeros((int(later.sum()), len(STAGES)))
    for number, stage in enumerate(STAGES):
        table = learn(
            np.where(learned, stages[:, number], np.nan),
            conditions,
            probabilities=(parameters.fair_quantile, parameters.blame_quantile),
            weight=parameters.pooling_orders,
        )
        fair, blame = table.at(conditions)
        over[:, number] = np.maximum(0.0, (stages[:, number] - fair)[later])
        print(f"  {stage:<28} median {np.median(stages[later, number]) / 60:5.1f} min, at most fair "
              f"{(stages[later, number] <= fair[later]).mean():.1%}, at most blame "
              f"{(stages[later, number] <= blame[later]).mean():.1%}")  # fmt: skip
    shares = over.sum(axis=0) / over.sum()
    print("  of all time over the fair: " + ", ".join(f"{s} {v:.0%}" for s, v in zip(STAGES, shares, strict=True)))
