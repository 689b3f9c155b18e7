"""Exchange rates for a request, from the dated and sourced tables of the markets."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from tiffin.capabilities.metrics.domain.exchange import Exchange, Rate
from tiffin.engines.metrics.footprint import Footprint
from tiffin.engines.metrics.request import MetricRequest, RowScope
from tiffin.kernel.errors import NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context
from tiffin.runtime.workspace import Workspace


def exchange_for(
    context: Context, request: MetricRequest, footprint: Footprint | None, scope: RowScope
) -> Exchange | None:
    """Give the rates that a request's conversion needs; None where it asks for none.

    Raises
    ------
    NotFound
        A currency has no rate on that day.
    WrongUse
        Where the facts are cannot be told, and so not in which money.
    """
    if request.currency is None:
        return None
    if footprint is None:
        raise WrongUse("Money is converted as of an instant or of the versions of a receipt, not of one version.")
    found = footprint.currencies(footprint.cities_in(request.where, scope)) - {None, ""}
    day = request.rates_on or (request.days.last if request.days else context.now.date())
    return exchange_on(context.workspace, request.currency, (code for code in found if code), day)


def exchange_on(workspace: Workspace, into: str, currencies: Iterable[str], day: date) -> Exchange:
    """Give the rates of a day between some currencies and another one."""
    overlay = workspace.overlay("markets")
    return Exchange(into, day, {code: _rate(code, day, overlay) for code in sorted({*currencies, into})})


def _rate(currency: str, day: date, overlay: Path) -> Rate:
    # Markets are read with a library that takes a tenth of a second to import; few requests convert money.
    from tiffin.runtime.markets import load_markets  # noqa: PLC0415 - for the reason above

    markets = load_markets(overlay if overlay.is_dir() else None)
    known = [
        (rate.since, country, rate)
        for country, market in sorted(markets.items())
        if market.currency == currency
        for rate in market.usd_rates
        if rate.since <= day
    ]
    if not known:
        raise NotFound(
            Message(
                "No exchange rate of {currency} is known for {day}. Add one with its date and source under usd_rates "
                "of a country with that currency in markets/ of the workspace, or ask for another day with rates_on.",
                currency=currency,
                day=day,
            )
        )
    _, _, rate = max(known, key=lambda item: item[:2])
    return Rate(repr(rate.units_per_usd), rate.since, str(rate.kind), rate.source)
