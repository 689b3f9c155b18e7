"""What an edit does to past cases, in words and figures short enough to be read at every keystroke."""

from collections import defaultdict
from typing import Any

from tiffin.capabilities.policies.pages.cells import Teller
from tiffin.capabilities.policies.pages.units import money_told
from tiffin.engines.decisions.replaying.comparison import Comparison, Standing, Verdict
from tiffin.runtime.i18n import format_number, format_percent, mark, translate

SHOWN = 6
"""Tiles and changes that are shown, the largest first."""

STANDINGS = {
    Standing.GAP: mark("no row holds"),
    Standing.CONTRADICTION: mark("rows contradict each other"),
    Standing.OUTSIDE: mark("a value that may not occur"),
}


def told_effect(found: Comparison, locale: str) -> dict[str, Any]:
    """Tell how many cases an edit would decide otherwise, whose money moves, and which outcomes change most."""
    lead = translate(
        locale,
        "{changed} of {cases} cases ({share}) would be decided otherwise.",
        changed=format_number(found.changed, locale),
        cases=format_number(found.cases, locale),
        share=format_percent(found.share_changed, locale, decimals=2),
    )
    changed = [one for one in found.outcomes() if one.is_changed]
    return {
        "lead": lead,
        "tiles": _tiles(found, locale),
        "changes": [
            {
                "before": _verdict(one.base, locale),
                "after": _verdict(one.draft, locale),
                "cases": format_number(one.cases, locale),
            }
            for one in changed[:SHOWN]
        ],
    }


def _tiles(found: Comparison, locale: str) -> list[dict[str, str]]:
    moved: defaultdict[tuple[str, str], int] = defaultdict(int)
    for one in found.stakes:
        moved[one.party, one.currency] += one.money_minor
    largest = sorted(((value, key) for key, value in moved.items() if value), key=lambda one: -abs(one[0]))
    return [
        {"name": Teller(locale).value(party), "figure": f"{'+' if minor > 0 else ''}{_money(minor, currency, locale)}"}
        for minor, (party, currency) in largest[:SHOWN]
    ]


def _money(minor: int, currency: str, locale: str) -> str:
    return money_told(minor, currency=currency, locale=locale) if currency else format_number(minor, locale)


def _verdict(verdict: Verdict, locale: str) -> str:
    if verdict.standing in STANDINGS:
        return translate(locale, STANDINGS[verdict.standing])
    return " · ".join(Teller(locale).value(value) for value in verdict.outputs.values())
