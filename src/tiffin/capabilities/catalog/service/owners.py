"""Who answers for an asset: whom people named, else whom its definition names."""

from sqlalchemy import select

from tiffin.capabilities.catalog.domain.saying import Field
from tiffin.capabilities.catalog.models import AssetSaying
from tiffin.capabilities.catalog.service.inventory import inventory_of
from tiffin.kernel.assets import AssetId
from tiffin.runtime.context import Context


def owner_named(context: Context, asset: AssetId) -> str:
    """Name an asset's owner, a team or an account; empty where nobody is named or there is no such asset."""
    found = inventory_of(context).get(asset)
    if found is None:
        return ""
    row = AssetSaying.__table__.c
    wanted = select(row.value).where(row.asset == asset.text, row.field == Field.OWNER.value)
    said = context.unit.execute(wanted).scalar()
    return str(said or found.owner)
