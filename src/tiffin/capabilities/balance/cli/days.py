"""The business day that a command names."""

from datetime import date

from tiffin.capabilities.balance import service
from tiffin.kernel.time import read_day
from tiffin.runtime.context import Context


def day_of(context: Context, city: str, text: str) -> date:
    """Read a business day; ``last`` is the city's last one with facts.

    Raises
    ------
    NotFound
        There is no such city.
    Forbidden
        The actor's grants do not cover it.
    WrongUse
        It is no day.
    """
    if text == "last":
        service.find_city(context, city)
        days = service.days_of(context, city)
        if days:
            return days[-1].day
    return read_day(text)
