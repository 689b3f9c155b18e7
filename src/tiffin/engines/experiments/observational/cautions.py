"""What these read-outs warn of: every key of a caution, with the values that its text can tell."""

from collections.abc import Iterable, Mapping

from tiffin.engines.experiments.estimate import Caution

CAUTIONS: Mapping[str, tuple[str, ...]] = {
    "several_starts": ("starts",),
    "few_treated": ("treated",),
    "few_controls": ("controls",),
    "pre_trend": ("p",),
    "pre_trend_unseen": ("hidden", "effect"),
    "placebo_in_time": ("effect", "p"),
    "no_placebo": ("periods",),
    "poor_fit": ("scaled",),
    "heavy_weight": ("unit", "weight"),
    "level_unreachable": ("smallest_p",),
    "effect_not_constant": ("p",),
    "extrapolates": ("share",),
    "no_error": ("treated", "controls"),
    "poor_overlap": ("share",),
    "imbalance": ("name", "difference"),
    "small_effective_sample": ("effective", "controls"),
    "placebo_outcome": ("name", "p"),
    "unmeasured": (),
    "sample_ratio": ("p",),
    "many_comparisons": ("arms",),
}
"""Keys and the names of their values.

several_starts
    A reason to refuse: this method reads units that all start at one time.
few_treated, few_controls
    So few units that the error leans on the spread of the others, or on a normal law nobody can check.
pre_trend, placebo_in_time, placebo_outcome
    A test that should find nothing found something: the assumption is not believable here.
pre_trend_unseen
    The test before the start would miss a drift as large as `hidden`, which is more than the effect itself.
no_placebo
    Too few periods (or no outcome from before) for any such test.
poor_fit
    The mixture misses the treated before the start, by this share of what an even mixture misses by.
heavy_weight
    One donor carries more than half: what happens to it alone becomes the effect.
level_unreachable
    With so few donors or periods no result could be surer than `smallest_p`; the interval has no ends.
effect_not_constant
    No effect that is the same in all periods fits at this level, so the interval that assumes one is empty.
extrapolates
    This share of the weight is negative: the mixture lies outside what donors ever were.
no_error
    No standard error can be had from so few units.
poor_overlap
    This share of the treated is unlike every control.
imbalance
    After weighting the named covariate still differs by `difference` standard deviations.
small_effective_sample
    The weights leave the controls worth only `effective` of them.
unmeasured
    Nobody drew lots within these covariates: what is not measured is not adjusted for.
sample_ratio
    The arms are not as large as was drawn.
many_comparisons
    Several arms are compared; their chances of error were raised together (Holm).
"""


def caution(key: str, **values: float | str) -> Caution:
    """Give a caution of this package; a key or a value that `CAUTIONS` does not list is a bug."""
    if set(values) != set(CAUTIONS[key]):
        raise KeyError(key, sorted(values))
    return Caution(key, values)


def together(found: Iterable[Caution | None]) -> tuple[Caution, ...]:
    """Keep those that there are."""
    return tuple(one for one in found if one is not None)
