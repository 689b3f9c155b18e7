"""How assets stood, day by day: of every team, every area, every country and all together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.domain.health import mean_score
from tiffin.capabilities.catalog.models import CatalogDay
from tiffin.capabilities.catalog.service.health import Examined
from tiffin.kernel.assets import AssetId, AssetKind
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.database import unit_of

ALL, OWNER, DOMAIN, COUNTRY = "all", "owner", "domain", "country"
EVERYTHING = "*"
SHOWN_DAYS = 90


@dataclass(frozen=True, slots=True)
class KeptDay:
    """How the assets of a scope stood on a day.

    Parameters
    ----------
    scope, name : str
        ``owner`` and a team, ``domain`` and an area, ``country`` and its code, or ``all`` and ``*``.
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


def stood(day: date, examined: Examined, checks: Mapping[AssetId, int]) -> tuple[KeptDay, ...]:
    """Sum up how the assets of everybody, of each team and of each area stand on a day."""
    groups: dict[tuple[str, str], list[Asset]] = {}
    for asset in examined.assets:
        if asset.kind is AssetKind.QUESTION:  # one person's own, and not everybody may know of it
            continue
        named = ((ALL, EVERYTHING), (OWNER, asset.owner), (DOMAIN, asset.domain))
        for group in named:
            if group[1]:
                groups.setdefault(group, []).append(asset)
    return tuple(_summed(day, scope, name, listed, examined, checks) for (scope, name), listed in groups.items())


def _summed(
    day: date, scope: str, name: str, assets: Sequence[Asset], examined: Examined, checks: Mapping[AssetId, int]
) -> KeptDay:
    found = [one for asset in assets for one in examined.findings.get(asset.id, ())]
    score = mean_score(examined.healths[asset.id] for asset in assets)
    checked = sum(checks.get(asset.id, 0) for asset in assets)
    waived = sum(one.waiver is not None for one in found)
    return KeptDay(day, scope, name, len(assets), score or 0.0, checked, len(found), waived)


def keep(context: Context, rows: Iterable[KeptDay]) -> None:
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
    if fresh:
        context.unit.afterwards(partial(_write, fresh))


def trend(context: Context, scope: str = ALL, name: str = EVERYTHING) -> tuple[KeptDay, ...]:
    """Give the kept days of a scope, oldest first."""
    table = CatalogDay.__table__
    wanted = select(table).where(table.c.scope == scope, table.c.name == name).order_by(table.c.day.desc())
    rows = context.unit.execute(wanted.limit(SHOWN_DAYS)).all()
    return tuple(KeptDay(*row) for row in reversed(rows))


def _write(rows: Sequence[KeptDay], engine: Engine) -> None:
    try:
        with unit_of(engine) as unit:
            for row in rows:
                unit.execute(insert(CatalogDay).values(**asdict(row)))
    except IntegrityError:  # somebody else kept the same day at once
        return
