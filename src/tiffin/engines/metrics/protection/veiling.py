"""Whether a request is told with its dimensions as they are, or masked."""

from collections.abc import Iterable, Mapping

from tiffin.engines.metrics.protection.allowances import Allowance, Policy, covers, covers_request
from tiffin.engines.metrics.request import MetricRequest
from tiffin.engines.metrics.sensitivity import Sensitivity
from tiffin.kernel.masks import Mask

Masks = Mapping[str, Mask]
"""How dimensions are masked, by name."""


def mask_of(dimension: str, allowance: Allowance, sensitivity: Sensitivity) -> Mask | None:
    """Tell how an allowance that does not open a dimension masks it; None where it does neither."""
    closed, shape = sensitivity.of_dimension(dimension) - allowance.opens, sensitivity.shape_of(dimension)
    found = [{mask for kind, fits, mask in allowance.masks if kind == one and fits == shape} for one in closed]
    whole = set().union(*found)
    # Values of two closed classes are told where both are masked alike.
    return whole.pop() if found and all(found) and len(whole) == 1 else None


def veiled(
    request: MetricRequest, policy: Policy, plain: list[Allowance], sensitivity: Sensitivity
) -> tuple[list[Allowance], Masks]:
    """Choose between telling dimensions plainly and masked: masked where that reaches further rows."""
    names = tuple(dict.fromkeys((*request.by, *(item.dimension for item in request.where))))
    ways: dict[tuple[tuple[str, Mask], ...], list[Allowance]] = {}
    for allowance in policy:
        closed = [name for name in names if not sensitivity.of_dimension(name) <= allowance.opens]
        masks = [(name, mask_of(name, allowance, sensitivity)) for name in closed]
        known = tuple((name, mask) for name, mask in masks if mask is not None)
        if closed and len(known) == len(masks) and _tells(allowance, request, sensitivity):
            ways.setdefault(known, []).append(allowance)
    able = [one for one in plain if _tells(one, request, sensitivity)]
    further = {way: [one for one in ones if not _is_reached(one, able)] for way, ones in ways.items()}
    further = {way: ones for way, ones in further.items() if ones}
    if not further or any(covers_request(one, request.where) for one in able):
        return plain, {}
    way = max(further, key=lambda known: (len(further[known]), known))
    return [*plain, *ways[way]], dict(way)


def _tells(allowance: Allowance, request: MetricRequest, sensitivity: Sensitivity) -> bool:
    """Tell whether an allowance opens any of the metrics, its dimensions aside."""
    return any(
        sensitivity.own_of_metric(name) <= allowance.opens
        and (allowance.only is None or allowance.only.holds(name, request, sensitivity))
        for name in request.metrics
    )


def _is_reached(allowance: Allowance, others: Iterable[Allowance]) -> bool:
    """Tell whether another allowance opens all the rows of one, and smaller groups of them."""
    return any(covers(other, allowance) and other.minimum_size <= allowance.minimum_size for other in others)
