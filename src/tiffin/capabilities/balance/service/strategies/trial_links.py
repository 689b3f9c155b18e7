"""The trial of a strategy, as far as the strategy needs it: whether it is over."""

from tiffin.capabilities.experiments.service.records import ENDED, JUDGED
from tiffin.capabilities.experiments.service.trials import find_trial
from tiffin.runtime.context import Context


def trial_is_over(context: Context, name: str) -> bool:
    """Tell whether a trial ended or was judged.

    Raises
    ------
    NotFound
        There is no such trial that the actor may see.
    """
    return find_trial(context, name).state in (ENDED, JUDGED)
