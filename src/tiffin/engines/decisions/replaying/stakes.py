"""What a verdict puts on whom: fixed amounts, shares of an amount that the case has, points; all as whole numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal

from tiffin.engines.decisions.dmn.plain import NotPlain
from tiffin.engines.decisions.feel.values import Value, described
from tiffin.engines.decisions.replaying.comparison import Verdict

SHARE_UNITS = 10_000
"""Hundredths of a percent in the whole."""

POINT_UNITS = 1_000
"""Thousandths in a point."""

NOBODY = ""
"""Stands for whoever it is, where a policy names no party."""


@dataclass(frozen=True, slots=True)
class Load:
    """What lies on a party in one case.

    Parameters
    ----------
    fixed_minor : int
        Minor units of the currency.
    share : int
        Hundredths of a percent of the amount that the case has.
    points : int
        Thousandths of a point.
    """

    fixed_minor: int = 0
    share: int = 0
    points: int = 0

    def __bool__(self) -> bool:
        """Tell whether there is anything on the party."""
        return (self.fixed_minor, self.share, self.points) != (0, 0, 0)

    def __add__(self, other: "Load") -> "Load":
        return Load(self.fixed_minor + other.fixed_minor, self.share + other.share, self.points + other.points)

    def __sub__(self, other: "Load") -> "Load":
        return Load(self.fixed_minor - other.fixed_minor, self.share - other.share, self.points - other.points)


@dataclass(frozen=True, slots=True)
class Stakes:
    """Which outputs of a policy hold money and points, and on whom they are put.

    Parameters
    ----------
    money : str
        Output with an amount in minor units; empty for none.
    bearer : str
        The party who always bears that amount, or is given it; empty where ``party`` does.
    amount : str
        Column of a case with an amount in minor units, of which parties bear shares; empty for none.
    shares : mapping of str to str
        By party, the output with its share of the amount in percent.
    party : str
        Output that names the one party who bears money and points; empty where nobody is named.
    joint : mapping of str to tuple of str
        Names in that output that stand for several parties, each of whom bears the whole.
    points : str
        Output with points; empty for none.
    """

    money: str = ""
    bearer: str = ""
    amount: str = ""
    shares: Mapping[str, str] = field(default_factory=dict)
    party: str = ""
    joint: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    points: str = ""

    @property
    def any(self) -> bool:
        """Tell whether there is anything to count."""
        return bool(self.money or (self.amount and self.shares) or self.points)

    def loads(self, verdict: Verdict) -> Mapping[str, Load]:
        """Tell what a verdict puts on each party.

        Raises
        ------
        NotPlain
            An output that should be money, a share or points is no number.
        """
        outputs = verdict.outputs
        found: dict[str, Load] = {}
        if self.amount:
            for who, name in self.shares.items():
                found[who] = Load(share=_units(outputs, name, SHARE_UNITS // 100))
        money, points = _units(outputs, self.money, 1), _units(outputs, self.points, POINT_UNITS)
        named = outputs.get(self.party) if self.party else None
        bearers = self.joint.get(str(named), (str(named),)) if named is not None else (NOBODY,)
        for who in bearers:
            found[who] = found.get(who, Load()) + Load(0 if self.bearer else money, 0, points)
        if self.bearer:
            found[self.bearer] = found.get(self.bearer, Load()) + Load(money)
        return {who: load for who, load in found.items() if load}


def amount_of(share: int, amount: int) -> int:
    """Give a share, in hundredths of a percent, of an amount, in whole minor units."""
    return int((Decimal(share * amount) / SHARE_UNITS).to_integral_value(ROUND_HALF_EVEN))


def points_of(thousandths: int) -> Decimal:
    """Give points as people count them."""
    return Decimal(thousandths) / POINT_UNITS


def _units(outputs: Mapping[str, Value], name: str, size: int) -> int:
    value = outputs.get(name) if name else None
    if value is None:
        return 0
    if not isinstance(value, Decimal):
        raise NotPlain(f"The output {name} should be a number to be added up; it gives a {described(value)}.")
    return int((value * size).to_integral_value(ROUND_HALF_EVEN))
