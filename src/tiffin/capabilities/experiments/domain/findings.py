"""What a read-out finds beside the effect: where and when it differs, what carries over, and whether arms are whole."""

from collections.abc import Mapping
from dataclasses import dataclass

from tiffin.capabilities.experiments.domain.panel_reading import PanelReading
from tiffin.engines.experiments.estimate import Caution, Estimate


@dataclass(frozen=True, slots=True)
class BySegment:
    """How an effect differs between the values of one dimension.

    Parameters
    ----------
    dimension : str
        A governed dimension of the metric.
    segments : mapping of str to Estimate
        Each drawn towards the mean of all by as much as it is unsure itself.
    mean, spread : float
        Of the true effects of the segments.
    p : float
        The chance of segments so different where all have one effect.
    cautions : tuple of Caution
        Where the whole says the opposite of its segments.
    """

    dimension: str
    segments: Mapping[str, Estimate]
    mean: float
    spread: float
    p: float
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True)
class OnDay:
    """The effect by itself so many days after a unit was first given its arm.

    Parameters
    ----------
    after : int
        Days; of a switchback the first of each pair of days, since its beginning.
    """

    after: int
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class CarryOver:
    """What the window before leaves behind in the windows of a switchback.

    Parameters
    ----------
    step_min : int
        Length of a step, minutes.
    left : tuple of float
        By how much a difference between the arms is too small in each step of a window, in the metric's unit.
    errors : tuple of float
        Standard error of each.
    seen_steps : int
        Until which step it is seen; 0 where it is not.
    effect : Estimate or None
        The effect of having it everywhere and always, with what may be left unseen allowed for.
    refused : Caution or None
        Why the burn-in could not be chosen by the data.
    """

    step_min: int
    left: tuple[float, ...]
    errors: tuple[float, ...]
    seen_steps: int
    effect: Estimate | None
    refused: Caution | None = None


@dataclass(frozen=True, slots=True)
class SampleRatio:
    """Whether the arms are as large as they were meant to be.

    Parameters
    ----------
    counts : tuple of int
        Units (of a switchback: windows) that were read out, by arm.
    shares : tuple of float
        What was meant, adding up to one.
    p : float
        The chance of counts so far from that.
    """

    counts: tuple[int, ...]
    shares: tuple[float, ...]
    p: float


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found of one arm of the deciding metric beside its effect; a panel where areas begin for good."""

    segments: tuple[BySegment, ...] = ()
    days: tuple[OnDay, ...] = ()
    carry_over: CarryOver | None = None
    sample_ratio: SampleRatio | None = None
    panel: PanelReading | None = None
