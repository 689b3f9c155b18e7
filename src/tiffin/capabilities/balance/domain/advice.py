"""What to do about a cause: only what the numbers carry, and only for causes that carry much of the miss."""

from collections.abc import Sequence

from tiffin.capabilities.balance.domain.cause import Cause, Detail
from tiffin.capabilities.balance.domain.daybook import Advice, CauseShare, EpisodeStory

LEAST_SHARE = 0.2
"""A cause of less than a fifth of a miss earns no advice of its own."""

BY_CAUSE = {
    Cause.MORE_DEMAND: "plan_for_demand",
    Cause.FEWER_RIDERS: "fill_shifts",
    Cause.SLOWER_MERCHANTS: "pace_merchants",
    Cause.LONGER_TRAVEL: "lengthen_promise",
    Cause.SLOWER_HANDOVER: "look_at_handover",
    Cause.BACKLOG: "look_at_backlog",
    Cause.SLOWER_CONFIRMATION: "look_at_confirmation",
    Cause.LATER_ARRIVAL: "record_riders",
    Cause.SLOWER_AFTER_ARRIVAL: "record_stages",
    Cause.MORE_RIDER_CANCELLATIONS: "ask_riders",
    Cause.RIDERS_ELSEWHERE: "move_riders",
    Cause.MORE_REFUSALS: "ask_merchants",
    Cause.MORE_WITHDRAWALS: "look_at_checkout",
    Cause.SHORTER_PROMISE: "look_at_promise",
    Cause.AS_USUAL: "standing_shortage",
    Cause.UNEXPLAINED: "look_closer",
}


def advise(episodes: Sequence[EpisodeStory]) -> tuple[Advice, ...]:
    """Give advice for each episode's large causes, costliest episode first; one piece of advice is given once."""
    advice: dict[str, Advice] = {}
    for number, episode in enumerate(episodes):
        for share in episode.causes:
            if share.share >= LEAST_SHARE:
                code = _code(share)
                advice.setdefault(code, Advice(code, share.cause, number))
    return tuple(advice.values())


def _code(share: CauseShare) -> str:
    if share.cause is Cause.LONGER_TRAVEL:
        far = share.details.get(Detail.LONGER_DISTANCES, 0.0)
        return "shrink_radius" if far > share.weighed_min / 2 else BY_CAUSE[share.cause]
    if share.cause is Cause.AS_USUAL:
        cancelled = share.details.get(Detail.CANCELLED_BY_RIDER, 0.0)
        return "standing_cancellations" if cancelled > share.weighed_min / 2 else BY_CAUSE[share.cause]
    return BY_CAUSE[share.cause]
