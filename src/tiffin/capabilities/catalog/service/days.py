"""How assets stood, day by day: of every team, every area, every country and all together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import partial

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.domain.health import mean_score
from tiffin.capabilities.catalog.domain.standards import Compliance
from tiffin.capabilities.catalog.models import AssetDay, CatalogDay
from tiffin.capabilities.catalog.service.health import Examined, examine
from tiffin.capabilities.metrics.service.cities import visible_cities
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.database import unit_of
from tiffin.runtime.uses import NAME_MAX

ALL, OWNER, DOMAIN, COUNTRY, TOPIC = "all", "owner", "domain", "country", "topic"
EVERYTHING = "*"
SHOWN_DAYS = 90
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class KeptDay:
    """How the assets of a scope stood on a day.

    Parameters
    ----------
    scope, name : str
        ``owner`` and a team, ``domain`` and an area, ``country`` and its code, ``topic`` and that of standards, or
        ``all`` and ``*``.
    score : float
        Mean health, of a hundred.
    checked, findings, waived : int
        Pairs of asset and standard, those not kept, and those of them that are waived.
    """

    day: date
    scope: str
    name: str
    assets: int
    score: float
    checked: int
    findings: int
    waived: int

    @property
    def share(self) -> float:
        """Share of the standards that are kept."""
        return 1 - self.findings / self.checked if self.checked else 1.0


@dataclass(frozen=True, slots=True)
class AssetDayKept:
    """How one asset stood on a day: its health, and how many standards it did not keep."""

    asset: str
    day: date
    score: float
    findings: int


def stood(day: date, examined: Examined) -> tuple[KeptDay, ...]:
    """Sum up how the assets of all, of each team and each area stand, and how the standards of each topic are kept."""
    groups: dict[tuple[str, str], list[Asset]] = {}
    for asset in examined.assets:
        if asset.kind is AssetKind.QUESTION:  # one person's own, and not everybody may know of it
            continue
        named = ((ALL, EVERYTHING), (OWNER, asset.owner), (DOMAIN, asset.domain))
        for group in named:
            if group[1]:
                groups.setdefault(group, []).append(asset)
    rows = [_summed(day, scope, name, listed, examined) for (scope, name), listed in groups.items()]
    return (*rows, *_topics(day, examined))


def stood_in(day: date, country: str, examined: Examined) -> KeptDay:
    """Sum up how tables and numbers stand on the facts of one country."""
    return _summed(day, COUNTRY, country, examined.assets, examined)


def countries_stood(context: Context, assets: Sequence[Asset], known: Compliance) -> Mapping[str, Examined]:
    """Look at what tells of facts in each country that the actor may see, by its code."""
    countries = sorted({one.country for one in visible_cities(context) if one.country})
    told = [one for one in assets if one.tables and one.kind is not AssetKind.QUESTION]
    return {code: examine(context, told, country=code, known=known) for code in countries}


def _topics(day: date, examined: Examined) -> Iterator[KeptDay]:
    """Sum up the standards by topic; the score is the share of them that is kept, of a hundred."""
    for topic, checked in examined.compliance.topics.items():
        found = [one for one in examined.compliance.findings if one.standard.topic is topic]
        waived = sum(one.waiver is not None for one in found)
        concerned = len({one.asset for one in found})
        share = 100 * (1 - len(found) / checked) if checked else 100.0
        yield KeptDay(day, TOPIC, topic.value, concerned, share, checked, len(found), waived)


def _summed(day: date, scope: str, name: str, assets: Sequence[Asset], examined: Examined) -> KeptDay:
    found = [one for asset in assets for one in examined.findings.get(asset.id, ())]
    score = mean_score(examined.healths[asset.id] for asset in assets)
    checked = sum(examined.compliance.checks.get(asset.id, 0) for asset in assets)
    waived = sum(one.waiver is not None for one in found)
    return KeptDay(day, scope, name, len(assets), score or 0.0, checked, len(found), waived)


def keep(context: Context, rows: Iterable[KeptDay], examined: Examined) -> None:
    """Keep how assets stand today, once a day, after the unit of work; as somebody sees it who sees everything."""
    if not context.actor.has_role_everywhere(*Role):
        return
    listed = tuple(rows)
    today = context.now.date()
    if any(one.day != today for one in listed) or not listed:
        return
    table = CatalogDay.__table__.c
    known = {
        (row.scope, row.name) for row in context.unit.execute(select(table.scope, table.name).where(table.day == today))
    }
    fresh = [one for one in listed if (one.scope, one.name) not in known]
    each = () if (ALL, EVERYTHING) in known else tuple(_each(today, examined))
    if fresh:
        context.unit.afterwards(partial(_write, fresh, each))


def is_kept(context: Context) -> bool:
    """Tell whether today was kept, countries included."""
    table = CatalogDay.__table__.c
    wanted = select(table.scope).where(table.day == context.now.date(), table.scope.in_((ALL, COUNTRY))).distinct()
    return len(context.unit.execute(wanted).all()) == len((ALL, COUNTRY))


def trend(context: Context, scope: str = ALL, name: str = EVERYTHING) -> tuple[KeptDay, ...]:
    """Give the kept days of a scope, oldest first."""
    table = CatalogDay.__table__
    wanted = select(table).where(table.c.scope == scope, table.c.name == name).order_by(table.c.day.desc())
    rows = context.unit.execute(wanted.limit(SHOWN_DAYS)).all()
    return tuple(KeptDay(*row) for row in reversed(rows))


def trends(context: Context, scope: str) -> Mapping[str, tuple[KeptDay, ...]]:
    """Give the kept days of the last quarter of every team, area, country or topic, oldest first, by name."""
    table = CatalogDay.__table__
    since = context.now.date() - timedelta(days=SHOWN_DAYS)
    wanted = select(table).where(table.c.scope == scope, table.c.day > since).order_by(table.c.day)
    found: dict[str, list[KeptDay]] = {}
    for row in context.unit.execute(wanted).all():
        kept = KeptDay(*tuple(row))
        found.setdefault(kept.name, []).append(kept)
    return {name: tuple(listed) for name, listed in found.items()}


def asset_trend(context: Context, asset: AssetId) -> tuple[AssetDayKept, ...]:
    """Give the kept days of one asset, oldest first."""
    table = AssetDay.__table__
    wanted = select(table).where(table.c.asset == asset.text).order_by(table.c.day.desc()).limit(SHOWN_DAYS)
    return tuple(AssetDayKept(*row) for row in reversed(context.unit.execute(wanted).all()))


def _each(day: date, examined: Examined) -> Iterator[AssetDayKept]:
    for asset in examined.assets:
        score = examined.score(asset)
        if score is not None and asset.kind is not AssetKind.QUESTION and len(asset.id.text) <= NAME_MAX:
            yield AssetDayKept(asset.id.text, day, score, len(examined.findings.get(asset.id, ())))


def _batched(rows: Sequence[Mapping[str, object]], size: int) -> Iterator[Sequence[Mapping[str, object]]]:
    """Part rows into so many at a time: a database takes only so many values in one statement."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _write(rows: Sequence[KeptDay], each: Sequence[AssetDayKept], engine: Engine) -> None:
    try:
        with unit_of(engine) as unit:
            for table, listed in ((CatalogDay, rows), (AssetDay, each)):
                for part in _batched([asdict(row) for row in listed], AT_ONCE):
                    unit.execute(insert(table).values(list(part)))
    except IntegrityError:  # somebody else kept the same day at once
        return
