"""What assistants may ask: each capability offers its tools here, and one server serves them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context

_OFFERED: dict[str, "OfferedTool"] = {}


@dataclass(frozen=True, slots=True)
class OfferedTool:
    """Something that an assistant may ask; it reads and changes nothing.

    Parameters
    ----------
    takes : type of BaseModel
        What it is asked with.
    """

    name: str
    meaning: Message
    takes: type[BaseModel]
    answer: Callable[[Context, Any], dict[str, Any]]


def offer(tool: OfferedTool) -> None:
    """Let assistants ask for a tool; a module does so once, where it declares the tool."""
    _OFFERED[tool.name] = tool


def offered() -> Mapping[str, OfferedTool]:
    """Give the tools that capabilities offer, by name."""
    return dict(_OFFERED)
