"""Requests as people type them: names with commas, a filter, days, an order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tiffin.engines.metrics.definitions import Dimension
from tiffin.engines.metrics.request import Condition, MetricRequest, Operator, Order
from tiffin.kernel.errors import WrongUse
from tiffin.kernel.messages import Message
from tiffin.kernel.time import Days, asked_days, read_day

DAY = "business_date"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request in words.

    Parameters
    ----------
    metrics, by, order : tuple of str
        Names; one text may hold several with commas between. An order falls where it begins with a minus sign or ends
        in ``desc``.
    where : tuple of str
        Filters that all hold.
    first, last : str or None
        Business dates, ``2026-02-01``.
    under, rates_on : str or None
        Days whose definitions and exchange rates hold.
    currency : str or None
        Code of the currency to convert money into.
    fill, is_approximate : bool
        Show empty periods; estimate distinct counts and percentiles.
    """

    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    first: str | None = None
    last: str | None = None
    order: tuple[str, ...] = ()
    limit: int | None = None
    under: str | None = None
    currency: str | None = None
    rates_on: str | None = None
    fill: bool = False
    is_approximate: bool = False


def read_request(asked: Asked, dimensions: Mapping[str, Dimension]) -> MetricRequest:
    """Turn words into a request.

    Raises
    ------
    WrongUse
        A date, filter or order cannot be read.
    NotFound
        A filter names a dimension that does not exist.
    """
    conditions = tuple(found for text in asked.where if text.strip() for found in _filter(text, dimensions))
    days, open_end = _days(asked)
    return MetricRequest(
        metrics=_names(asked.metrics),
        by=_names(asked.by),
        where=(*conditions, *open_end),
        days=days,
        order_by=tuple(_order(text) for text in _names(asked.order)),
        limit=asked.limit,
        under=_date(asked.under),
        currency=_currency(asked.currency),
        rates_on=_date(asked.rates_on),
        fill=asked.fill,
        is_approximate=asked.is_approximate,
    )


def _filter(text: str, dimensions: Mapping[str, Dimension]) -> tuple[Condition, ...]:
    # Reading a filter takes a library whose start would double the time of requests without one.
    from tiffin.engines.metrics.where import parse_where  # noqa: PLC0415 - for the reason above

    return parse_where(text, dimensions)


def _days(asked: Asked) -> tuple[Days | None, tuple[Condition, ...]]:
    first, last = (_date(text) for text in (asked.first, asked.last))
    if first and last:
        return asked_days(first, last), ()
    if first:
        return None, (Condition(DAY, Operator.GE, (first,)),)
    return None, (Condition(DAY, Operator.LE, (last,)),) if last else ()


def _date(text: str | None) -> date | None:
    return read_day(text) if text else None


def _currency(text: str | None) -> str | None:
    code = (text or "").strip().upper()
    if code and not (len(code) == 3 and code.isalpha() and code.isascii()):  # noqa: PLR2004 - ISO 4217
        raise WrongUse(Message("The code of a currency such as USD was expected, '{text}' was found.", text=text))
    return code or None


def _order(text: str) -> Order:
    words = text.split()
    if len(words) == 2 and words[1].lower() in ("asc", "desc"):  # noqa: PLR2004 - a column and a direction
        return Order(words[0], is_descending=words[1].lower() == "desc")
    if len(words) != 1:
        raise WrongUse(
            Message("An order such as -orders or 'orders desc' was expected, '{text}' was found.", text=text)
        )
    return Order(text.removeprefix("-"), is_descending=text.startswith("-"))


def _names(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.strip() for text in texts for name in text.split(",") if name.strip())
