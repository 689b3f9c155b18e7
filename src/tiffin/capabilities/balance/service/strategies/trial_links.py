"""The trial of a strategy, as far as the strategy needs it: which case it is, and whether it is over."""

from tiffin.capabilities.experiments.service.records import ENDED, JUDGED
from tiffin.capabilities.experiments.service.trials import find_trial
from tiffin.kernel.errors import NotFound
from tiffin.runtime.context import Context


def trial_is_over(context: Context, name: str) -> bool:
    """Tell whether a trial ended or was judged.

    Raises
    ------
    NotFound
        There is no such trial that the actor may see.
    """
    return find_trial(context, name).state in (ENDED, JUDGED)


def trial_case(context: Context, name: str) -> int | None:
    """Give the number of a trial's case; None where the actor may not see it."""
    try:
        return find_trial(context, name).case_id
    except NotFound:
        return None
