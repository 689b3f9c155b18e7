"""What assistants may ask of the catalog, in words."""

from collections.abc import Mapping
from types import MappingProxyType

from tiffin.kernel.messages import Message

FIND_ASSETS = "find_assets"
TOOLS: Mapping[str, Message] = MappingProxyType(
    {
        FIND_ASSETS: Message(
            "Find metrics, tables, dashboards and other assets by what they mean, in any of the languages."
        )
    }
)
"""Name of each tool, and what it does."""
