"""Operational tables of access beside accounts and grants, which the runtime keeps itself."""

from tiffin.capabilities.access.models import reviews

__all__ = ["reviews"]
