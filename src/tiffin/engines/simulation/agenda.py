"""The agenda of a simulated day: a binary heap of events in compiled code."""

from tiffin.engines.simulation.compiled import inner
from tiffin.engines.simulation.world import EVENTS, HEAP, SEQUENCE, World

TIME_BITS = 24
"""Bits of a key below its time: the sequence number."""


@inner
def schedule(world: World, time_s: int, kind: int, subject: int) -> None:
    """Put an event on the agenda; events of one second are handled in the order in which they were put there."""
    keys, codes = world.keys, world.codes
    key = (time_s << TIME_BITS) | world.counts[SEQUENCE]
    place = world.counts[HEAP]
    world.counts[HEAP] += 1
    world.counts[SEQUENCE] += 1
    while place > 0 and keys[(place - 1) >> 1] > key:
        parent = (place - 1) >> 1
        keys[place], codes[place] = keys[parent], codes[parent]
        place = parent
    keys[place], codes[place] = key, (kind << 32) | subject


@inner
def next_event(world: World) -> tuple[int, int, int]:
    """Take the earliest event: time, kind, subject."""
    keys, codes = world.keys, world.codes
    key, code = keys[0], codes[0]
    world.counts[HEAP] -= 1
    world.counts[EVENTS] += 1
    size = world.counts[HEAP]
    last, last_code = keys[size], codes[size]
    place, child = 0, 1
    while child < size:
        if child + 1 < size and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= last:
            break
        keys[place], codes[place] = keys[child], codes[child]
        place, child = child, 2 * child + 1
    keys[place], codes[place] = last, last_code
    return key >> TIME_BITS, code >> 32, code & 0xFFFFFFFF
