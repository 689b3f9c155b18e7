"""What to be careful about in a read-out, and why a design is refused, in words."""

from collections.abc import Mapping

from tiffin.engines.experiments.estimate import Caution
from tiffin.runtime.i18n import mark, translate


def caution_text(caution: Caution, locale: str = "en") -> str:
    """Give the words of a caution in a reader's language; of a key that has none, the key itself."""
    values = {name: _figure(value) for name, value in caution.values.items()}
    if caution.key not in _TEXTS:
        return translate(locale, _OTHER, key=caution.key)
    return translate(locale, _TEXTS[caution.key], **values)


def _figure(value: float | str) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


_OTHER = mark("To be careful about: {key}.")
_TEXTS: Mapping[str, str] = {
    "areas_not_read": mark("The areas could not be set against each other: {why}"),
    "arms_taken_out": mark(
        "What is taken out before the arms are compared takes the arms along: nothing is left to compare."
    ),
    "burn_in_chosen": mark("The first {burn_in_steps} of {window_steps} steps after a switch were left out."),
    "carry_over_may_remain": mark(
        "Something of the arm before may remain in what is read: up to {bias}; the interval allows for it."
    ),
    "carry_over_outlasts_windows": mark(
        "What an arm leaves behind lasts longer than the windows: nothing of the new arm alone can be seen. "
        "Take longer windows."
    ),
    "carry_over_seen": mark("What an arm leaves behind was seen for {steps} of the {window_steps} steps of a window."),
    "cities_differ": mark("The effect differs from city to city."),
    "denominator_moved": mark(
        "The treated have more or fewer orders than chance gives ({orders}): a ratio hides what happened to the orders "
        "themselves."
    ),
    "durations_not_told": mark("The history is too short to tell of {durations} of the lengths."),
    "effect_not_constant": mark("No effect that is the same at all times fits, so the interval has no meaning."),
    "effect_too_small": mark(
        "No length up to {days} days finds an effect of {effect}; the smallest that is found is {smallest_effect}."
    ),
    "empty_denominator": mark("There is nothing to divide by in some of what is compared."),
    "extrapolates": mark("The mixture lies outside what those compared with ever were."),
    "features_tell_the_same": mark("Some of the features tell the same; leave one of them out."),
    "few_assignments": mark(
        "There are only {ways} ways in which the arms might have been dealt out, so that the interval leans on a model."
    ),
    "few_cities": mark("Only {cities} cities are behind this."),
    "few_controls": mark("Only {controls} are there to compare with."),
    "few_effective_units": mark(
        "So few units matter ({units}, some far larger than others) that the interval leans on all orders being "
        "affected alike."
    ),
    "few_treated": mark("Only {treated} were treated: a few peculiar ones could have made all of this."),
    "few_units": mark("Only {units} units: the spread between them is known badly."),
    "halves_differ": mark("Both halves do not hold the same segments."),
    "heavy_weight": mark("{unit} carries more than half of the comparison: what befell it alone becomes the effect."),
    "history_too_short": mark("The history has {days} days; {least} are needed."),
    "imbalance": mark("{name} still differs between the arms after weighting."),
    "learning": mark("The effect grows over the days, as where people still learn: wait before you judge."),
    "level_unreachable": mark(
        "With so few to compare with no result could be surer than p = {smallest_p}; the interval has no ends."
    ),
    "many_comparisons": mark("{arms} arms are compared; the chance of an error was held down over all of them."),
    "no_city_gains": mark("None of the cities is expected to gain more than it costs."),
    "no_effect_is_found": mark("No effect, however large, is found often enough."),
    "no_error": mark("No standard error can be had from so few."),
    "no_placebo": mark(
        "There is too little before the start to test whether something is found where nothing was done."
    ),
    "novelty": mark("The effect wears off over the days, as where something is tried out because it is new."),
    "one_arm": mark("Everything had the same arm where it could be compared."),
    "one_arm_only": mark("Everything had the same arm: there is nothing to compare with."),
    "one_unit_dominates": mark(
        "One unit has so much of all orders ({largest_share} of them) that its own luck passes for the effect. "
        "Split it up, or leave it out."
    ),
    "placebo_in_time": mark("An effect is found before anything was done: the comparison is not believable here."),
    "placebo_outcome": mark("An effect is found on {name}, which the treatment cannot have touched."),
    "poor_fit": mark("Before the start the comparison does not follow the treated well."),
    "poor_overlap": mark("Some of the treated are unlike everybody untreated ({share} of them)."),
    "power_is_simulated": mark("The power is simulated, sure to {error}."),
    "pre_trend": mark("Both sides drifted apart before anything was done: the comparison is not believable here."),
    "pre_trend_unseen": mark(
        "A drift of {hidden} before the start would not have been noticed, which is more than the effect itself."
    ),
    "sample_ratio": mark(
        "The arms are not as large as they were meant to be (p = {p}): something goes wrong where arms are given or "
        "noted. Mend that before you believe anything here."
    ),
    "several_starts": mark("Not all began at the same time: read it as staggered."),
    "simpson": mark(
        "Altogether it looks the other way round ({overall}) than within the segments ({within}): the arms are mixed "
        "differently."
    ),
    "small_effective_sample": mark("After weighting those compared with count for only {effective}."),
    "stopped": mark("It was sure enough to stop after window {window}."),
    "too_early": mark("Looking before {least} windows are over would be too early."),
    "too_few_cities": mark("There are {cities} cities; {least} are needed."),
    "too_few_days": mark("There are {days} days; {least} are needed."),
    "too_few_steps_in_a_window": mark(
        "A window has {steps} steps; {least} are needed to see what an arm leaves behind."
    ),
    "too_few_units": mark("There are too few units to tell an effect from their own luck: {units}."),
    "too_few_windows_of_a_kind": mark("Some kind of window came only {windows} times; {least} are needed."),
    "trial_too_short": mark("The trial has {windows} windows; {least} are needed."),
    "unlike_the_tried_cities": mark("This is unlike the cities in which it was tried."),
    "unmeasured": mark("Nobody drew lots: what is not measured is not adjusted for."),
}
