"""Matching patterns: a small machine that tries, goes back, and counts every step, so that no pattern runs for long."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tiffin.engines.decisions.feel.faults import FeelFault
from tiffin.engines.decisions.feel.patterns.characters import CharacterSet
from tiffin.engines.decisions.feel.patterns.reading import PatternReader
from tiffin.engines.decisions.feel.patterns.tree import Again, Edge, Either, Group, Part, Repeated, Sequence, Single

MAX_PROGRAM = 20_000
FLAGS = frozenset("smix")


@dataclass(frozen=True, slots=True)
class Step:
    """An instruction.

    ``one`` takes a character, ``edge`` asks for a start or end, ``again`` takes what a group matched, ``keep`` notes
    the place, ``moved`` asks for another one, ``go`` jumps to ``number``, and so does ``try`` while ``other`` waits.
    """

    name: str
    number: int = 0
    other: int = 0
    characters: CharacterSet | None = None
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that can be matched."""

    program: tuple[Step, ...]
    groups: int
    slots: int
    flags: str

    def match(self, text: str, at: int, spend: Callable[[int], None]) -> tuple[int | None, ...] | None:
        """Match from a place on; give where each group starts and ends, the whole match first."""
        return _Attempt(self, text, at).run(spend)

    def found(self, text: str, spend: Callable[[int], None]) -> Iterator[tuple[int | None, ...]]:
        """Give every match, from left to right, none reaching into another."""
        at = 0
        while at <= len(text):
            places = self.match(text, at, spend)
            if places is None:
                at += 1
                continue
            yield places
            end = places[1] or 0
            at = end if end > at else at + 1


@lru_cache(maxsize=512)
def compile_pattern(text: str, flags: str) -> Pattern:
    """Make a pattern ready.

    Raises
    ------
    FeelFault
        When it is none, or a flag is unknown.
    """
    if not set(flags) <= FLAGS:
        raise FeelFault(f"Flags of s, m, i and x were expected; found {flags!r:.20}.")
    reader = PatternReader(text, flags)
    tree = reader.read()
    writer = _Writer(reader.groups)
    writer.emit(Step("keep", 0))
    writer.write(tree)
    writer.emit(Step("keep", 1))
    return Pattern(tuple(writer.program), reader.groups, writer.slots, flags)


class _Writer:
    """Turns a tree into a program."""

    def __init__(self, groups: int) -> None:
        self.program: list[Step] = []
        self.slots = 2 * (groups + 1)

    def emit(self, step: Step) -> int:
        if len(self.program) >= MAX_PROGRAM:
            raise FeelFault("The pattern repeats too much.")
        self.program.append(step)
        return len(self.program) - 1

    def write(self, part: Part) -> None:
        if isinstance(part, Single):
            self.emit(Step("one", characters=part.characters))
        elif isinstance(part, Edge):
            self.emit(Step("edge", sign=part.sign))
        elif isinstance(part, Again):
            self.emit(Step("again", part.group))
        elif isinstance(part, Sequence):
            for one in part.parts:
                self.write(one)
        elif isinstance(part, Group):
            self._group(part)
        elif isinstance(part, Either):
            self._either(part)
        else:
            self._repeated(part)

    def _group(self, part: Group) -> None:
        if part.number is None:
            self.write(part.inner)
            return
        self.emit(Step("keep", 2 * part.number))
        self.write(part.inner)
        self.emit(Step("keep", 2 * part.number + 1))

    def _either(self, part: Either) -> None:
        ends: list[int] = []
        for one in part.choices[:-1]:
            choice = self.emit(Step("try"))
            self.write(one)
            ends.append(self.emit(Step("go")))
            self.program[choice] = Step("try", choice + 1, len(self.program))
        self.write(part.choices[-1])
        for end in ends:
            self.program[end] = Step("go", len(self.program))

    def _repeated(self, part: Repeated) -> None:
        for _ in range(part.least):
            self.write(part.inner)
        if part.most is None:
            self._star(part)
            return
        choices: list[int] = []
        for _ in range(part.most - part.least):
            choices.append(self.emit(Step("try")))
            self.write(part.inner)
        for choice in choices:
            self._branch(choice, part)

    def _star(self, part: Repeated) -> None:
        slot, self.slots = self.slots, self.slots + 1
        choice = self.emit(Step("try"))
        self.emit(Step("keep", slot))
        self.write(part.inner)
        self.emit(Step("moved", slot))
        self.emit(Step("go", choice))
        self._branch(choice, part)

    def _branch(self, choice: int, part: Repeated) -> None:
        inside, after = choice + 1, len(self.program)
        self.program[choice] = Step("try", after, inside) if part.lazy else Step("try", inside, after)


class _Attempt:
    """One attempt to match from a place on."""

    def __init__(self, pattern: Pattern, text: str, start: int) -> None:
        self.pattern, self.text, self.place = pattern, text, start
        self.kept: tuple[int | None, ...] = (None,) * pattern.slots
        self.at = 0
        self.waiting: list[tuple[int, int, tuple[int | None, ...]]] = []
        self.ignoring_case = "i" in pattern.flags
        self.lines = "m" in pattern.flags

    def run(self, spend: Callable[[int], None]) -> tuple[int | None, ...] | None:
        """Try all ways; give where each group starts and ends in the first that does."""
        program = self.pattern.program
        while self.at < len(program):
            spend(1)
            step = program[self.at]
            self.at += 1
            if _DO[step.name](self, step):
                continue
            if not self.waiting:
                return None
            self.at, self.place, self.kept = self.waiting.pop()
        return self.kept[: 2 * (self.pattern.groups + 1)]

    def one(self, step: Step) -> bool:
        """Take a character."""
        if self.place >= len(self.text) or step.characters is None:
            return False
        if not step.characters.holds(self.text[self.place], ignoring_case=self.ignoring_case):
            return False
        self.place += 1
        return True

    def edge(self, step: Step) -> bool:
        """Ask for a start or an end, of the text or, with flag m, of a line."""
        place, text = self.place, self.text
        if step.sign == "^":
            return place == 0 or (self.lines and place < len(text) and text[place - 1] == "\n")
        return place == len(text) or (self.lines and text[place] == "\n")

    def again(self, step: Step) -> bool:
        """Take what a group matched."""
        start, end = self.kept[2 * step.number : 2 * step.number + 2]
        wanted = "" if start is None or end is None else self.text[start:end]
        found = self.text[self.place : self.place + len(wanted)]
        self.place += len(wanted)
        return found == wanted or (self.ignoring_case and found.casefold() == wanted.casefold())

    def keep(self, step: Step) -> bool:
        """Remember the place."""
        self.kept = (*self.kept[: step.number], self.place, *self.kept[step.number + 1 :])
        return True

    def moved(self, step: Step) -> bool:
        """Ask that a repetition took something."""
        return self.kept[step.number] != self.place

    def go(self, step: Step) -> bool:
        """Jump."""
        self.at = step.number
        return True

    def attempt(self, step: Step) -> bool:
        """Jump, and remember the other way."""
        self.waiting.append((step.other, self.place, self.kept))
        self.at = step.number
        return True


_DO: Mapping[str, Callable[[_Attempt, Step], bool]] = {
    "one": _Attempt.one,
    "edge": _Attempt.edge,
    "again": _Attempt.again,
    "keep": _Attempt.keep,
    "moved": _Attempt.moved,
    "go": _Attempt.go,
    "try": _Attempt.attempt,
}
