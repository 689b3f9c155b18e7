"""FEEL's two durations: days and time, counted in nanoseconds; years and months, counted in months."""

import re
from dataclasses import dataclass

NANOS = 1_000_000_000
_DAY_S, _HOUR_S, _MINUTE_S = 86_400, 3_600, 60
_MAX_DIGITS = 18

_DAYS = re.compile(r"(-)?P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?", re.ASCII)
_YEARS = re.compile(r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """A days and time duration."""

    nanos: int

    def part(self, name: str) -> int | None:
        """Give its days, hours, minutes or seconds, all with its sign; None for another field."""
        seconds = abs(self.nanos) // NANOS
        parts = {"days": seconds // _DAY_S, "hours": seconds % _DAY_S // _HOUR_S}
        parts |= {"minutes": seconds % _HOUR_S // _MINUTE_S, "seconds": seconds % _MINUTE_S}
        if name not in parts:
            return None
        return -parts[name] if self.nanos < 0 else parts[name]

    def __str__(self) -> str:
        seconds, nanos = divmod(abs(self.nanos), NANOS)
        days, rest = divmod(seconds, _DAY_S)
        fraction = f".{nanos:09d}".rstrip("0") if nanos else ""
        clock = "".join(
            f"{count}{unit}" for count, unit in ((rest // _HOUR_S, "H"), (rest % _HOUR_S // _MINUTE_S, "M")) if count
        )
        clock += f"{rest % _MINUTE_S}{fraction}S" if rest % _MINUTE_S or nanos else ""
        text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
        return ("-" if self.nanos < 0 else "") + "P" + (text or "T0S")


@dataclass(frozen=True, slots=True, order=True)
class Years:
    """A years and months duration."""

    months: int

    def part(self, name: str) -> int | None:
        """Give its years or months, with its sign; None for another field."""
        parts = {"years": abs(self.months) // 12, "months": abs(self.months) % 12}
        if name not in parts:
            return None
        return -parts[name] if self.months < 0 else parts[name]

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.months < 0 else "") + "P" + (text or "0M")


def read_duration(text: str) -> Days | Years | None:
    """Read a duration as XML Schema writes it; None for any other text."""
    if any(len(run) > _MAX_DIGITS for run in re.findall(r"\d+", text)):
        return None
    years = _YEARS.fullmatch(text)
    if years and (years[2] or years[3]):
        months = int(years[2] or 0) * 12 + int(years[3] or 0)
        return Years(-months if years[1] else months)
    days = _DAYS.fullmatch(text)
    if not days or not any(days.groups()[1:5]):
        return None
    whole = int(days[2] or 0) * _DAY_S + int(days[3] or 0) * _HOUR_S + int(days[4] or 0) * _MINUTE_S + int(days[5] or 0)
    nanos = whole * NANOS + int(((days[6] or "") + "0" * 9)[:9])
    return Days(-nanos if days[1] else nanos)
