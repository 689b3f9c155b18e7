"""What waits in the outbox and the due table is done: by any number of workers, each thing once."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import structlog

from tiffin.capabilities.cases.service.effects import Effect, Handler, Handlers, Together, is_inside, many_at_once
from tiffin.capabilities.cases.service.firing import fire
from tiffin.capabilities.cases.service.leasing import (
    Timer,
    mark_all_done,
    mark_done,
    mark_fired,
    new_lease,
    note_failure,
    note_timer_failure,
    take_effects,
    take_timers,
)
from tiffin.runtime.context import Context
from tiffin.runtime.looking_once import looking_once

AT_ONCE = 50
Opening = Callable[[], AbstractContextManager[Context]]
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Worked:
    """What a worker did.

    Parameters
    ----------
    fired : int
        Clocks that ran out, of which the platform did what follows.
    done : int
        Effects brought about.
    failed, dead : int
        Effects and clocks that failed and wait, and effects that failed too often.
    """

    fired: int = 0
    done: int = 0
    failed: int = 0
    dead: int = 0

    def __add__(self, other: "Worked") -> "Worked":
        """Count both together."""
        return Worked(
            self.fired + other.fired, self.done + other.done, self.failed + other.failed, self.dead + other.dead
        )

    @property
    def is_nothing(self) -> bool:
        """Tell whether nothing was there to do."""
        return not (self.fired or self.done or self.failed or self.dead)


def run_once(context: Context, handlers: Handlers) -> Worked:
    """Do all that waits, in the unit of work that is open; what fails is undone alone, and waits."""
    total, lease = Worked(), new_lease()
    while True:
        timers = take_timers(context, lease, AT_ONCE)
        effects = take_effects(context, lease, handlers.keys(), AT_ONCE)
        if not (timers or effects):
            return total
        for timer in timers:
            total += _fired_in(context, timer, lease, handlers)
        for effect in effects:
            total += _done_in(context, effect, lease, handlers)


def work(opening: Opening, handlers: Handlers) -> Worked:
    """Do what waits; ends when nothing waits any more.

    Effects that stay inside the operational database are done some at once in one unit of work, which costs a third of
    one unit each; what fails among them is undone alone. Everything else is done in a unit of work of its own.

    Parameters
    ----------
    opening : callable
        Opens one unit of work.
    """
    total = Worked()
    while True:
        lease = new_lease()
        with opening() as context:
            timers = take_timers(context, lease, AT_ONCE)
            effects = take_effects(context, lease, handlers.keys(), AT_ONCE)
        if not (timers or effects):
            return total
        for timer in timers:
            total += _fire(opening, timer, lease, handlers)
        together = [effect for effect in effects if is_inside(_handler(effect, handlers))]
        if together:
            total += _do_together(opening, together, lease, handlers)
        for effect in effects:
            if effect not in together:
                total += _do(opening, effect, lease, handlers)


def _do_together(opening: Opening, effects: Sequence[Effect], lease: str, handlers: Handlers) -> Worked:
    many = [effect for effect in effects if many_at_once(_handler(effect, handlers)) is not None]
    by_one = [effect for effect in effects if effect not in many]
    try:
        with opening() as context, looking_once():
            total = _done_at_once(context, many, lease, handlers) if many else Worked()
    except Exception as error:  # noqa: BLE001 - where all were undone, each is tried apart from the others
        _log.warning("effects_undone", count=len(many), error=type(error).__name__)
        total, by_one = Worked(), [*effects]
    return total + _do_by_one(opening, by_one, lease, handlers)


def _do_by_one(opening: Opening, effects: Sequence[Effect], lease: str, handlers: Handlers) -> Worked:
    if not effects:
        return Worked()
    try:
        with opening() as context:
            return sum((_done_in(context, effect, lease, handlers) for effect in effects), Worked())
    except Exception as error:  # noqa: BLE001 - the same
        _log.warning("effects_undone", count=len(effects), error=type(error).__name__)
        return sum((_do(opening, effect, lease, handlers) for effect in effects), Worked())


def _done_at_once(context: Context, effects: Sequence[Effect], lease: str, handlers: Handlers) -> Worked:
    mine = mark_all_done(context, effects, lease)
    by_kind: dict[Together, list[Effect]] = {}
    for effect in mine:
        many = many_at_once(_handler(effect, handlers))
        if many is not None:
            by_kind.setdefault(many, []).append(effect)
    for many, own in by_kind.items():
        many(context, own)
    return Worked(done=len(mine))


def _do(opening: Opening, effect: Effect, lease: str, handlers: Handlers) -> Worked:
    try:
        with opening() as context:
            return _do_marked(context, effect, lease, handlers)
    except Exception as error:  # noqa: BLE001 - whatever a handler fails of, the others go on and this one waits
        with opening() as context:
            return _failed(context, effect, lease, error)


def _done_in(context: Context, effect: Effect, lease: str, handlers: Handlers) -> Worked:
    try:
        with context.unit.part():
            return _do_marked(context, effect, lease, handlers)
    except Exception as error:  # noqa: BLE001 - the same
        return _failed(context, effect, lease, error)


def _fire(opening: Opening, timer: Timer, lease: str, handlers: Handlers) -> Worked:
    try:
        with opening() as context:
            return _fire_marked(context, timer, lease, handlers)
    except Exception as error:  # noqa: BLE001 - the same
        with opening() as context:
            return _timer_failed(context, timer, lease, error)


def _fired_in(context: Context, timer: Timer, lease: str, handlers: Handlers) -> Worked:
    try:
        with context.unit.part():
            return _fire_marked(context, timer, lease, handlers)
    except Exception as error:  # noqa: BLE001 - the same
        return _timer_failed(context, timer, lease, error)


def _do_marked(context: Context, effect: Effect, lease: str, handlers: Handlers) -> Worked:
    # Marked first: whoever took it over while this worker slept is waited for, or finds it done.
    if not mark_done(context, effect, lease):
        return Worked()
    _handler(effect, handlers)(context, effect)
    return Worked(done=1)


def _fire_marked(context: Context, timer: Timer, lease: str, handlers: Handlers) -> Worked:
    if not mark_fired(context, timer, lease):
        return Worked()
    fire(context, timer, handlers)
    return Worked(fired=1)


def _failed(context: Context, effect: Effect, lease: str, error: Exception) -> Worked:
    is_dead = note_failure(context, effect, lease, error)
    _log.warning("effect_failed", effect=effect.key, error=type(error).__name__, is_dead=is_dead)
    return Worked(failed=1, dead=int(is_dead))


def _timer_failed(context: Context, timer: Timer, lease: str, error: Exception) -> Worked:
    note_timer_failure(context, timer, lease, error)
    _log.warning("timer_failed", case=timer.case_id, clock=timer.clock, error=type(error).__name__)
    return Worked(failed=1)


def _handler(effect: Effect, handlers: Handlers) -> Handler:
    return handlers.get(f"{effect.case_type}.{effect.name}") or handlers[effect.name]
