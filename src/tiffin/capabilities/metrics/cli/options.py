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


def asked_of(
    metrics: Sequence[str],
    by: Sequence[str] | None,
    where: Sequence[str] | None,
    first: str | None,
    last: str | None,
    order: Sequence[str] | None,
    limit: int | None,
) -> Asked:
    """Put what was typed into one request."""
    return Asked(tuple(metrics), tuple(by or ()), tuple(where or ()), first, last, tuple(order or ()), limit)
