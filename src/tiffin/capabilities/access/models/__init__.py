"""Operational tables of access beside accounts and grants, which the runtime keeps itself."""

from tiffin.capabilities.access.models import erasures, masks, reviews

__all__ = ["erasures", "masks", "reviews"]
