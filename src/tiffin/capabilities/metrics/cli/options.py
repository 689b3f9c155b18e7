"""The words in which requests are typed on the command line."""

from collections.abc import Sequence
from typing import Annotated

import typer

from tiffin.capabilities.metrics.domain.asking import Asked

MetricsArgument = Annotated[list[str], typer.Argument(help="Names of metrics, with blanks or commas between.")]
ByOption = Annotated[
    list[str] | None, typer.Option("--by", help="Dimensions and time grains to split by: city_id,week")
]
WhereOption = Annotated[
    list[str] | None,
    typer.Option("--where", help="Filter: \"city_id = 'riyadh' and local_hour >= 18\". Several must all hold."),
]
FromOption = Annotated[str | None, typer.Option("--from", help="First business date, such as 2026-02-01.")]
ToOption = Annotated[str | None, typer.Option("--to", help="Last business date.")]
OrderOption = Annotated[list[str] | None, typer.Option("--order", help="Columns to sort by; -orders falls.")]
LimitOption = Annotated[int | None, typer.Option("--limit", min=0, help="Rows at most.")]
LocaleOption = Annotated[str | None, typer.Option("--locale", help="Language: en, ar, zh_Hans, zh_Hant or pt_BR.")]
UnderOption = Annotated[
    str | None, typer.Option("--under", help="Take each metric as it was defined on this day, such as 2026-03-01.")
]
CurrencyOption = Annotated[str | None, typer.Option("--currency", help="Convert money into this currency: USD.")]
RatesOnOption = Annotated[
    str | None, typer.Option("--rates-on", help="Day whose exchange rates hold; else the last day asked for.")
]
FillOption = Annotated[bool, typer.Option("--fill", help="Show every period, those without rows too.")]
ApproximateOption = Annotated[
    bool, typer.Option("--approximate", help="Estimate distinct counts and percentiles; the receipt says which.")
]


def asked_of(  # noqa: PLR0913 - one parameter an option
    metrics: Sequence[str],
    by: Sequence[str] | None,
    where: Sequence[str] | None,
    first: str | None,
    last: str | None,
    order: Sequence[str] | None,
    limit: int | None,
    *,
    under: str | None = None,
    currency: str | None = None,
    rates_on: str | None = None,
    fill: bool = False,
    is_approximate: bool = False,
) -> Asked:
    """Put what was typed into one request."""
    return Asked(
        metrics=tuple(metrics),
        by=tuple(by or ()),
        where=tuple(where or ()),
        first=first,
        last=last,
        order=tuple(order or ()),
        limit=limit,
        under=under,
        currency=currency,
        rates_on=rates_on,
        fill=fill,
        is_approximate=is_approximate,
    )
