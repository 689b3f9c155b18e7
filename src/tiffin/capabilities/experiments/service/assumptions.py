"""What each way to read something without drawn lots takes for granted, in words."""

from collections.abc import Mapping

from tiffin.capabilities.experiments.domain.panel_reading import Method
from tiffin.runtime.i18n import mark

_ALONE = mark("The areas compared with were left alone: no orders, riders or customers moved over to or from them.")
_NOT_CHOSEN = mark("The areas were not chosen because they had just risen or fallen.")
_PARALLEL = mark("Without it, both sides would have changed alike.")
_ONLY = mark("Nothing else began in the same areas at the same time.")

METHODS: Mapping[Method, str] = {
    Method.DID: mark("Difference in differences"),
    Method.SYNTHETIC_CONTROL: mark("Synthetic control"),
    Method.SYNTHETIC_DID: mark("Synthetic difference in differences"),
    Method.STAGGERED: mark("Staggered starts"),
    Method.GEO: mark("Matched areas"),
}
ASSUMPTIONS: Mapping[Method, tuple[str, ...]] = {
    Method.DID: (_PARALLEL, _ONLY, _ALONE, _NOT_CHOSEN),
    Method.SYNTHETIC_CONTROL: (
        mark("A mixture of the others that matched the treated for long would have gone on to match it."),
        _ONLY,
        _ALONE,
        _NOT_CHOSEN,
    ),
    Method.SYNTHETIC_DID: (
        mark("The treated would have moved in parallel with a mixture that moved like them before; levels may differ."),
        mark("Treated and others are about equally noisy."),
        _ONLY,
        _ALONE,
    ),
    Method.STAGGERED: (
        mark("Areas that begin later, or never, would have moved in parallel with those that began."),
        mark("Nobody acts on a start before it."),
        _ALONE,
    ),
    Method.GEO: (
        mark("A mixture of the others that moved like the treated would have gone on to do so."),
        mark("Gaps wander after the start as they did before it."),
        _ONLY,
        _ALONE,
    ),
}
