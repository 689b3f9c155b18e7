"""What people say of assets: kept with its history, audited, and taken back when it was wrong."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from tiffin.capabilities.catalog.domain.assets import Asset
from tiffin.capabilities.catalog.domain.saying import Change, Field, Saying, checked
from tiffin.capabilities.catalog.models import AssetChange, AssetSaying
from tiffin.kernel.assets import AssetId
from tiffin.kernel.errors import Conflict, Forbidden, NotFound
from tiffin.kernel.messages import Message
from tiffin.runtime import audit
from tiffin.runtime.actor import Role
from tiffin.runtime.context import Context
from tiffin.runtime.teams import is_of

SHOWN = 100


def sayings_of(context: Context) -> Mapping[AssetId, tuple[Saying, ...]]:
    """Give what people said, by asset."""
    said: dict[AssetId, tuple[Saying, ...]] = {}
    for row in context.unit.execute(select(AssetSaying.__table__)):
        asset = AssetId.parse(row.asset)
        said[asset] = (*said.get(asset, ()), Saying(Field(row.field), row.value, row.language))
    return said


def may_say(context: Context, asset: Asset) -> bool:
    """Tell whether the actor may add to an asset: stewards may, and whoever is its owner or of the team that is."""
    if context.actor.has_role_everywhere(Role.STEWARD):
        return True
    return bool(context.actor.grants) and any(is_of(context, owner) for owner in (asset.owner, asset.technical_owner))


def say(context: Context, asset: Asset, sayings: Iterable[Saying]) -> tuple[int, ...]:
    """Keep what the actor says of an asset; an empty text takes back what people said and lets the definition speak.

    Returns
    -------
    tuple of int
        Numbers of the changes; none where nothing is new.

    Raises
    ------
    Forbidden
        The actor is neither a steward nor answers for the asset.
    WrongUse
        Something said cannot be.
    """
    _require(context, asset)
    found = [checked(asset, one) for one in sayings]
    return tuple(number for one in found if (number := _put(context, asset.id, one)) is not None)


def undo(context: Context, asset: Asset, number: int) -> int:
    """Take a change back; the history shows both.

    Raises
    ------
    Forbidden
        The actor is neither a steward nor answers for the asset.
    NotFound
        There is no such change of this asset.
    Conflict
        Something else was said of the same field since.
    """
    _require(context, asset)
    row = context.session.get(AssetChange, number)
    if row is None or row.asset != asset.id.text:
        raise NotFound(Message("There is no change {number} of {asset}.", number=number, asset=asset.id.text))
    saying = _row(context, asset.id, Field(row.field), row.language)
    if (saying.value if saying else None) != row.after:
        raise Conflict(
            Message("Something else was said of this since. Take the newer change back first, or write it anew.")
        )
    back = Saying(Field(row.field), row.before or "", row.language)
    made = _put(context, asset.id, back, undoes=number)
    return made if made is not None else number


def history(context: Context, asset: AssetId) -> tuple[Change, ...]:
    """List what was said of an asset, newest first."""
    wanted = select(AssetChange).where(AssetChange.asset == asset.text).order_by(AssetChange.change_id.desc())
    rows = context.session.scalars(wanted.limit(SHOWN)).all()
    undone = {row.undoes for row in rows if row.undoes is not None}
    seen: set[tuple[str, str]] = set()
    changes = []
    for row in rows:
        place = (row.field, row.language)
        changes.append(
            Change(
                row.change_id,
                asset,
                Field(row.field),
                row.language,
                row.before,
                row.after,
                row.at,
                row.actor,
                row.undoes,
                is_undone=row.change_id in undone,
                is_latest=place not in seen and row.undoes is None,
            )
        )
        seen.add(place)
    return tuple(changes)


def _require(context: Context, asset: Asset) -> None:
    if not may_say(context, asset):
        raise Forbidden(
            Message(
                "{name} may not write about {asset}: that takes the role steward for all cities, or being its owner. "
                "Ask {owner} for what you miss.",
                name=context.actor.name,
                asset=asset.id.text,
                owner=asset.owner or Message("a steward"),
            )
        )


def _row(context: Context, asset: AssetId, field: Field, language: str) -> AssetSaying | None:
    return context.session.get(AssetSaying, (asset.text, field.value, language))


def _put(context: Context, asset: AssetId, saying: Saying, *, undoes: int | None = None) -> int | None:
    """Write one saying with its change; nothing where it is said already."""
    row = _row(context, asset, saying.field, saying.language)
    before, after = row.value if row else None, saying.value or None
    if before == after:
        return None
    if row is not None and after is None:
        context.session.delete(row)
    elif row is None:
        row = AssetSaying(asset=asset.text, field=saying.field.value, language=saying.language)
        context.session.add(row)
    if row is not None and after is not None:
        row.value, row.changed_at, row.changed_by = after, context.now, context.actor.name
    change = AssetChange(
        asset=asset.text,
        field=saying.field.value,
        language=saying.language,
        before=before,
        after=after,
        at=context.now,
        actor=context.actor.name,
        undoes=undoes,
    )
    context.session.add(change)
    context.session.flush()
    audit.record(
        context,
        action="asset_saying_undone" if undoes else "asset_described",
        subject=asset.text,
        details={"field": saying.field.value, "language": saying.language, "change": change.change_id},
    )
    return change.change_id
