"""The words of levels and promises, the same on pages, sheets and e-mails."""

from collections.abc import Mapping

from tiffin.engines.metrics.definitions import Level
from tiffin.runtime.i18n import mark

LEVELS: Mapping[Level, str] = {
    Level.OPERATIONS: mark("Operations"),
    Level.MANAGEMENT: mark("Management"),
    Level.TEAM: mark("Team"),
}
PROMISES = {"kept": mark("kept"), "missed": mark("missed"), "unknown": mark("not settled yet")}
