"""What kinds of notices there are, to whom each is written, and what it needs to know."""

from collections.abc import Mapping
from dataclasses import dataclass

RIGHT_TO_LEFT = frozenset({"ar", "ur"})
"""Languages of riders whose script runs from right to left; fixed here, so that a notice stays what it was."""

ANYBODY = "party"
"""The audience of texts that riders, merchants and customers get alike."""

CUSTOMER = "customer"

_ORDER = frozenset({"order"})
_WHAT = frozenset({"order", "incident", "day"})
_APPEAL = frozenset({"appeal_until", "appeal_days"})
_LEFT = frozenset({"points", "recovery", "money"})
_TERM = frozenset({"until", "days"})
_REASON = frozenset({"reason"})


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One kind of notice.

    Parameters
    ----------
    values : mapping of str to frozenset of str
        By audience, the values that its text says, each and no other.
    """

    name: str
    values: Mapping[str, frozenset[str]]

    def audience(self, party: str) -> str:
        """Name the text that a kind of party gets."""
        return party if party in self.values else ANYBODY


def _told(name: str, *values: frozenset[str]) -> NoticeKind:
    return NoticeKind(name, {ANYBODY: frozenset().union(*values)})


def _of_money(name: str, *values: frozenset[str]) -> NoticeKind:
    """Declare a kind that tells a customer what he gets, and whoever else what he pays."""
    said = frozenset({"recovery", "money"}).union(*values)
    return NoticeKind(name, {ANYBODY: said, CUSTOMER: said})


_VERDICT = frozenset({"late", "rule", "decided", "share", "points_until"})

NOTICE_KINDS: Mapping[str, NoticeKind] = {
    one.name: one
    for one in (
        NoticeKind(
            "verdict",
            {
                ANYBODY: _WHAT | _REASON | _LEFT | _APPEAL | _VERDICT,
                CUSTOMER: _WHAT | _REASON | _APPEAL | {"recovery", "money"},
            },
        ),
        _told("no_blame", _WHAT, _REASON),
        _told("evidence_wanted", _WHAT, frozenset({"until", "hours"})),
        _told("appeal_acknowledged", _ORDER, _TERM),
        _told("appeal_upheld", _ORDER, _REASON, _LEFT, _TERM),
        _told("appeal_varied", _ORDER, _REASON, _LEFT, _TERM),
        _told("appeal_overturned", _ORDER, _REASON),
        _told("appeal_granted_by_silence", _ORDER),
        _told("appeal_withdrawn", _ORDER, _LEFT),
        _told("appeal_final", _ORDER, _LEFT),
        _told("second_instance_acknowledged", _ORDER, _TERM),
        _told("second_instance_upheld", _ORDER, _REASON, _LEFT),
        _told("second_instance_varied", _ORDER, _REASON, _LEFT),
        _told("second_instance_overturned", _ORDER, _REASON),
        _told("penalty_reversed", _ORDER, _REASON, _LEFT),
        _told("money_restored", _ORDER, frozenset({"money", "until"})),
        _of_money("dispute_proposed", _ORDER, frozenset({"until"})),
        _of_money("dispute_settled", _ORDER),
        _of_money("dispute_decided", _ORDER, _REASON),
        _told("points_expired", frozenset({"order", "day", "points", "balance"})),
    )
}
"""By name."""
