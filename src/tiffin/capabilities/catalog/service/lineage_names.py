"""How the assets of the lineage are named."""

from tiffin.kernel.assets import AssetId, AssetKind


def feed_id(name: str) -> AssetId:
    """Name a feed, or whatever else facts come from."""
    return AssetId(AssetKind.FEED, name)


def table_id(name: str) -> AssetId:
    """Name a fact table."""
    return AssetId(AssetKind.TABLE, name)


def column_id(table: str, name: str) -> AssetId:
    """Name a column of a fact table."""
    return AssetId(AssetKind.COLUMN, f"{table}.{name}")


def metric_id(name: str) -> AssetId:
    """Name a metric; a version that is asked for is the same asset."""
    return AssetId(AssetKind.METRIC, name.partition("@")[0])


def dimension_id(name: str, source: str = "") -> AssetId:
    """Name a dimension, or how one source has it."""
    return AssetId(AssetKind.DIMENSION, f"{source}.{name}" if source else name)
