"""What a version would have done to past cases, in the reader's language: who moves where, and what it costs whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tiffin.capabilities.policies.domain.policy import Output
from tiffin.capabilities.policies.pages.cells import Teller, told_number
from tiffin.capabilities.policies.pages.units import money_told
from tiffin.capabilities.policies.pages.where import in_words
from tiffin.capabilities.policies.pages.wording import PARTIES, VERDICTS
from tiffin.engines.decisions.replaying.comparison import Affected, Comparison, Stake, Standing, Transition, Verdict
from tiffin.runtime.i18n import NOTHING, format_country, format_number, format_percent, translate
from tiffin.web.charts.heatmap import shade
from tiffin.web.charts.scales import bins

MOST_OUTCOMES = 12
"""Outcomes that are told apart on each side; rarer ones are one."""

REST = "…"


@dataclass(frozen=True, slots=True)
class Square:
    """Cases that went from one outcome to another.

    Parameters
    ----------
    tone : str
        Class of its shade; empty where there are no cases.
    stays : bool
        The outcome is the same on both sides.
    """

    cases: str
    share: str
    tone: str
    stays: bool
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Which outcomes became which: before down the side, after along the top."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Square, ...]], ...]


@dataclass(frozen=True, slots=True)
class StakeTold:
    """What is put on a party in a market, before and after."""

    market: str
    party: str
    cases: str
    changed: str
    before: str
    after: str
    difference: str
    points: str
    tone: str


@dataclass(frozen=True, slots=True)
class PersonTold:
    """Somebody whom the change affects most, by the name that facts have for him."""

    person: str
    cases: str
    money: str
    points: str


@dataclass(frozen=True, slots=True)
class PeopleTold:
    """How many of a kind the change affects, and who most."""

    kind: str
    people: str
    more: str
    less: str
    most: tuple[PersonTold, ...]


def told_matrix(found: Comparison, outputs: tuple[Output, ...], locale: str) -> Matrix:
    """Tell which outcomes became which, those with the most cases first."""
    telling = _Outcomes(outputs, locale)
    transitions = found.outcomes()
    before = telling.commonest(transitions, is_base=True)
    after = telling.commonest(transitions, is_base=False)
    cells: dict[tuple[str, str], list[Transition]] = {}
    for one in transitions:
        key = (telling.among(one.base, before), telling.among(one.draft, after))
        cells.setdefault(key, []).append(one)
    counts = [float(sum(one.cases for one in some)) for some in cells.values()]
    edges = bins(counts) if len(set(counts)) > 1 else ()
    columns = [*after, *([REST] if any(key[1] == REST for key in cells) else [])]
    rows = [*before, *([REST] if any(key[0] == REST for key in cells) else [])]
    return Matrix(
        tuple(columns),
        tuple(
            (row, tuple(_square(cells.get((row, column), []), edges, found.cases, locale) for column in columns))
            for row in rows
        ),
    )


def told_stakes(found: Comparison, locale: str) -> list[StakeTold]:
    """Tell what each party bears in each market, the largest differences first within a market."""
    every = sorted(found.stakes, key=lambda one: (one.market, one.currency, -abs(one.money_minor), -abs(one.points)))
    return [_stake(one, locale) for one in every]


def told_people(found: Comparison, locale: str) -> list[PeopleTold]:
    """Tell whom the change affects, by who they are."""
    return [
        PeopleTold(
            translate(locale, PARTIES.get(one.kind, one.kind)),
            format_number(one.people, locale),
            format_number(one.more, locale),
            format_number(one.less, locale),
            tuple(_person(who, locale) for who in one.most),
        )
        for one in found.people
    ]


class _Outcomes:
    """How outcomes are called."""

    def __init__(self, outputs: tuple[Output, ...], locale: str) -> None:
        self.outputs, self.locale = outputs, locale

    def told(self, verdict: Verdict) -> str:
        """Tell an outcome by the values of its outputs."""
        if verdict.standing is not Standing.DECIDED and not verdict.outputs:
            return translate(self.locale, VERDICTS[verdict.standing])
        teller = Teller(self.locale)
        return " · ".join(teller.value(verdict.outputs.get(one.name)) for one in self.outputs)

    def commonest(self, transitions: tuple[Transition, ...], *, is_base: bool) -> list[str]:
        """Name the outcomes of a side with the most cases."""
        counts: dict[str, int] = {}
        for one in transitions:
            name = self.told(one.base if is_base else one.draft)
            counts[name] = counts.get(name, 0) + one.cases
        return sorted(counts, key=lambda name: -counts[name])[:MOST_OUTCOMES]

    def among(self, verdict: Verdict, known: list[str]) -> str:
        """Name an outcome, or the rest where it is a rare one."""
        name = self.told(verdict)
        return name if name in known else REST


def _square(some: list[Transition], edges: Sequence[float], cases: int, locale: str) -> Square:
    count = sum(one.cases for one in some)
    if not count:
        return Square("", "", "", stays=False, examples=())
    examples = tuple(example for one in some for example in one.examples)
    stays = not any(one.is_changed for one in some)
    share = format_percent(count / cases, locale, decimals=2)
    return Square(format_number(count, locale), share, shade(float(count), edges), stays, examples)


def _stake(one: Stake, locale: str) -> StakeTold:
    return StakeTold(
        format_country(one.market, locale) if one.market else NOTHING,
        translate(locale, PARTIES.get(one.party, one.party)) if one.party else NOTHING,
        format_number(one.cases, locale),
        format_number(one.changed, locale),
        _money(one.base_minor, one.currency, locale),
        _money(one.draft_minor, one.currency, locale),
        signed(one.money_minor, _money(one.money_minor, one.currency, locale)),
        signed(one.points, told_number(one.points, locale)),
        "worse" if one.money_minor > 0 else "better" if one.money_minor < 0 else "",
    )


def _person(who: Affected, locale: str) -> PersonTold:
    money = signed(who.money_minor, _money(who.money_minor, who.currency, locale))
    points = signed(who.points, told_number(who.points, locale))
    return PersonTold(who.person, format_number(who.cases, locale), money, points)


def _money(minor: int, currency: str, locale: str) -> str:
    if currency:
        return money_told(minor, currency=currency, locale=locale)
    return format_number(minor, locale) if minor else NOTHING


def signed(value: Decimal | int, told: str) -> str:
    """Write a difference with its sign; none is a dash."""
    return NOTHING if not value else f"+{told}" if value > 0 else told


def output_names(outputs: tuple[Output, ...], locale: str) -> str:
    """Name the outputs in the order in which an outcome is told."""
    return " · ".join(in_words(one.label, locale) for one in outputs)
