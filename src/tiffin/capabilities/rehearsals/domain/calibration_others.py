"""Targets from files of other trades than meals: rides, groceries, parcels, a shop; none is quite the same thing."""

from collections.abc import Callable

from tiffin.capabilities.rehearsals.domain import calibration_measured as of_days
from tiffin.capabilities.rehearsals.domain.calibration import Found, Kind, Target, by_hour, counted, flagged
from tiffin.capabilities.rehearsals.domain.calibration_source import Source
from tiffin.engines.simulation.calibrating.shares import Share

SUPPLY = ("target_utilisation", "cycle_s")
FEWEST = 5.0
"""Hours with fewer people than this say nothing of coverage."""

GRUBHUB, BOLT, UBER = "grubhub_mdrp", "bolt_hourly", "uber_requests"
INSTACART, PARCELS, INVOICES = "instacart_issues", "parl_redelivery", "uci_online_retail"
_SPREAD, _SHARE, _PROFILE = Kind.DISTRIBUTION, Kind.SHARE, Kind.PROFILE


def _issues(source: Source) -> Share:
    return Share(len(source.columns["orders_with_issue"]), len(source.columns["order"]))


def _coverage(source: Source) -> Found:
    unserved, asked = source.known("unserved", "asked")
    return by_hour(unserved[asked >= FEWEST], asked[asked >= FEWEST])


def _cancelled_by_rider(source: Source) -> Share:
    cancelled = int(source.columns["rider_cancelled"].sum())
    return Share(cancelled, int((source.columns["no_rider"] == 0).sum()))


def _unlike(source: str, measure: str, read: Callable[[Source], Found] | None, reason: str) -> Target:
    """Record a quantity of a file that nothing in the simulated city is like."""
    return Target(source=source, measure=measure, kind=_SHARE, unit="share", real=read, simulated=None, reason=reason)


OTHERS: tuple[Target, ...] = (
    Target(
        source=BOLT,
        measure="use_by_hour",
        kind=_SPREAD,
        unit="share",
        real=lambda s: by_hour(*s.known("busy_min", "online_min")),
        simulated=of_days.use_by_hour,
        parameters=SUPPLY,
        fitted=True,
    ),
    Target(
        source=BOLT,
        measure="nobody_near",
        kind=_SPREAD,
        unit="share",
        real=_coverage,
        simulated=of_days.nobody_near,
        parameters=("dispatch_radius_m", *SUPPLY),
    ),
    Target(
        source=UBER,
        measure="without_rider",
        kind=_SHARE,
        unit="share",
        real=flagged("no_rider"),
        simulated=of_days.without_rider,
        parameters=SUPPLY,
        fitted=True,
    ),
    Target(
        source=UBER,
        measure="lost_hours",
        kind=_PROFILE,
        unit="orders",
        real=lambda s: s.where(s.columns["no_rider"] == 1).hours(),
        simulated=of_days.lost_hours,
        parameters=SUPPLY,
    ),
    Target(
        source=UBER,
        measure="declined",
        kind=_SHARE,
        unit="share",
        real=_cancelled_by_rider,
        simulated=of_days.declined,
        parameters=("decline_share", "decline_per_km"),
        fitted=True,
    ),
    Target(
        source=INSTACART,
        measure="with_issue",
        kind=_SHARE,
        unit="share",
        real=_issues,
        simulated=of_days.with_issue,
        parameters=("issue_share",),
    ),
    Target(
        source=INSTACART,
        measure="stars",
        kind=_PROFILE,
        unit="share",
        real=counted("stars", 1, 5),
        simulated=of_days.stars,
        parameters=("rating_share",),
    ),
    _unlike(INSTACART, "issue_kinds", None, "kinds"),
    _unlike(GRUBHUB, "bundled", None, "only_input"),
    Target(
        source=PARCELS,
        measure="failed_at_first",
        kind=_SHARE,
        unit="share",
        real=flagged("redelivered"),
        simulated=of_days.failed_at_first,
        parameters=("absent_share", "wrong_address_share"),
    ),
    _unlike(INVOICES, "cancelled_invoices", flagged("cancelled"), "invoices"),
)
"""Quantities of other trades, and those that nothing simulated is like."""
