"""The business numbers of a diagnosis, dated and sourced in ``parameters.yaml``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the business holds a miss to be.

    Parameters
    ----------
    lost_order_min : float
        Minutes of delay that weigh as much as one order nobody could carry.
    coverage_floor : float
        Share of wanted orders that must be served in a zone and hour; below it supply missed demand, usual or not.
    alone, together : float
        Standard deviations asked of a zone and hour alone, and together with its surroundings.
    whole : float
        Standard deviations asked of an episode as a whole.
    least_miss_min : float
        Smaller episodes are not shown, in weighed minutes.
    least_miss_share : float
        Nor are those smaller than this share of all minutes that the day's orders took to the door.
    least_queue_share : float
        A queue by itself is told from this share of all minutes on, where stages are known.
    riders_missing_share : float
        A queue of a quarter of that size is told where riders are missing as heavily as that: the share of the
        day's rider hours that is missing there, times the share of the riders there.
    reach_min : float
        Minutes on the way within which an idle rider of another zone could have come to help.
    most_episodes : int
        How many episodes a day-book tells.
    """

    lost_order_min: float
    coverage_floor: float
    alone: float
    together: float
    whole: float
    least_miss_min: float
    least_miss_share: float
    least_queue_share: float
    riders_missing_share: float
    reach_min: float
    most_episodes: int
