"""What inputs are in the cases of a finding, in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from tiffin.capabilities.policies.domain.policy import CITY, MARKET
from tiffin.engines.decisions.feel.values import Value
from tiffin.engines.decisions.grids.axes import Nothing, Other
from tiffin.engines.decisions.policy import Domain
from tiffin.engines.decisions.proving.limits import Limit, Piece, Stretch
from tiffin.kernel.messages import Message


@dataclass(frozen=True, slots=True)
class Terms:
    """How columns and their values are called in the reader's language.

    Parameters
    ----------
    labels : Mapping
        By name of an input or output, its label.
    domains : tuple of Domain
        Of the inputs, in the order of cases.
    outputs : tuple of str
        Names of the outputs, in the table's order.
    value : callable
        Writes a value of a column.
    """

    labels: Mapping[str, str]
    domains: tuple[Domain, ...]
    outputs: tuple[str, ...]
    value: Callable[[str, Value], str]

    def label(self, name: str) -> str:
        """Give the label of a column."""
        return self.labels.get(name, name)


def where(limits: Sequence[Limit], terms: Terms) -> str:
    """Say what the cases of a region have in common."""
    said = [
        Message("{label}: {value}", label=terms.label(terms.domains[one.input].name), value=_limit(one, terms))
        for one in limits
    ]
    return _in_a_row(said) if said else Message("any values")


def example(limits: Sequence[Limit], case: Sequence[Value], terms: Terms) -> str:
    """Give a case's values of those inputs that matter; a place that the case does not have is not told."""
    named = [(terms.domains[one.input].name, case[one.input]) for one in limits]
    said = [
        Message("{label}: {value}", label=terms.label(name), value=terms.value(name, value))
        for name, value in named
        if value is not None or name not in (MARKET, CITY)
    ]
    return _in_a_row(said) if said else ""


def is_single(limit: Limit) -> bool:
    """Tell whether an input is one value, so that no example says more."""
    return not limit.excluded and len(limit.pieces) == 1 and not isinstance(limit.pieces[0], Stretch | Other)


def _limit(limit: Limit, terms: Terms) -> str:
    domain = terms.domains[limit.input]
    if limit.excluded and limit.pieces == (Nothing(),):
        return Message("known")
    said = [_piece(one, domain, terms) for one in limit.pieces]
    either = reduce(lambda one, other: Message("{one} or {other}", one=one, other=other), said)
    return Message("not {value}", value=either) if limit.excluded else either


def _piece(piece: Piece, domain: Domain, terms: Terms) -> str:
    if not isinstance(piece, Stretch):
        return terms.value(domain.name, piece.sample())
    piece = _whole(piece) if domain.whole else piece
    if piece.low is None and piece.high is None:
        return Message("known")
    if piece.low is None or piece.high is None:
        return _open_ended(piece, domain, terms)
    return _between(piece, terms.value(domain.name, piece.low), terms.value(domain.name, piece.high))


def _between(piece: Stretch, low: str, high: str) -> str:
    if piece.low_included:
        if not piece.high_included:
            return Message("{low} to under {high}", low=low, high=high)
        return low if piece.low == piece.high else Message("{low} to {high}", low=low, high=high)
    if piece.high_included:
        return Message("over {low}, up to {high}", low=low, high=high)
    return Message("over {low}, under {high}", low=low, high=high)


def _open_ended(piece: Stretch, domain: Domain, terms: Terms) -> str:
    if piece.low is None:
        value = terms.value(domain.name, piece.high)
        return Message("at most {value}", value=value) if piece.high_included else Message("under {value}", value=value)
    value = terms.value(domain.name, piece.low)
    return Message("at least {value}", value=value) if piece.low_included else Message("over {value}", value=value)


def _whole(piece: Stretch) -> Stretch:
    """Give a stretch of whole numbers by the first and the last one."""
    low, high = piece.low, piece.high
    low_included, high_included = piece.low_included, piece.high_included
    if isinstance(low, Decimal) and low % 1 == 0 and not low_included:
        low, low_included = low + 1, True
    if isinstance(high, Decimal) and high % 1 == 0 and not high_included:
        high, high_included = high - 1, True
    return Stretch(low, low_included, high, high_included)


def _in_a_row(said: Sequence[str]) -> str:
    return reduce(lambda one, other: Message("{one}; {other}", one=one, other=other), said)
