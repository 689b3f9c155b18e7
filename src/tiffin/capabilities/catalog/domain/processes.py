"""How data is looked after: who does what, in which steps, and what must hold before the next one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tiffin.capabilities.metrics.domain.plain import Complaint, PlainReader
from tiffin.capabilities.metrics.domain.reading import File
from tiffin.engines.metrics.definitions import Wording
from tiffin.engines.metrics.model import Problem
from tiffin.engines.metrics.vocabulary import near
from tiffin.kernel.contract import LOCALES
from tiffin.runtime.actor import Role

PART = ("role", "name", "does", "holds")
PROCESS = ("process", "title", "purpose", "steps")
STEP = ("step", "by", "does", "page", "command", "gate", "template")


@dataclass(frozen=True, slots=True)
class Part:
    """A part that people play in processes.

    Parameters
    ----------
    holds : tuple of Role
        Roles of accounts that may play it.
    """

    name: str
    label: Wording
    does: Wording
    holds: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a process.

    Parameters
    ----------
    by : str
        The part that takes it.
    page, command : str
        Where it is done: a page of the console, a command without ``tiffin``; empty for none.
    gate : Wording or None
        What must hold before the next step; the platform itself sees to it.
    template : str
        File that ``tiffin init`` writes as a beginning; empty for none.
    """

    name: str
    by: str
    does: Wording
    page: str
    command: str
    gate: Wording | None
    template: str


@dataclass(frozen=True, slots=True)
class Process:
    """The steps from a want to its end."""

    name: str
    title: Wording
    purpose: Wording
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Processes:
    """All processes, and the parts that are played in them."""

    parts: Mapping[str, Part]
    processes: tuple[Process, ...]


def read_processes(files: Iterable[File]) -> tuple[Processes, tuple[Problem, ...]]:
    """Read the files of processes and parts; a faulty one is left out and reported."""
    parts: dict[str, Part] = {}
    processes: list[Process] = []
    problems: list[Problem] = []
    for file in sorted(files, key=_is_process):
        reader = _Reader(file.place_of, problems)
        try:
            if _is_process(file):
                processes.append(reader.process(file.content, parts))
            else:
                parts |= {part.name: part for part in reader.parts(file.content)}
        except Complaint as complaint:
            problems.append(Problem(str(complaint), complaint.place))
    return Processes(parts, tuple(processes)), tuple(problems)


def _is_process(file: File) -> bool:
    return isinstance(file.content, Mapping) and "process" in file.content


class _Reader(PlainReader):
    def parts(self, raw: Any) -> tuple[Part, ...]:
        own = self._mapping(raw, ("roles",))
        return tuple(self._part(self._mapping(entry, PART)) for entry in self._list(own, "roles"))

    def process(self, raw: Any, parts: Mapping[str, Part]) -> Process:
        own = self._mapping(raw, PROCESS)
        steps = tuple(self._step(self._mapping(entry, STEP), parts) for entry in self._list(own, "steps"))
        return Process(str(own["process"]), self._wording(own, "title"), self._wording(own, "purpose"), steps)

    def _part(self, own: Mapping[str, Any]) -> Part:
        holds = tuple(self._choice({**own, "holds": name}, "holds", Role) for name in self._list(own, "holds"))
        return Part(str(self._need(own, "role")), self._wording(own, "name"), self._wording(own, "does"), holds)

    def _step(self, own: Mapping[str, Any], parts: Mapping[str, Part]) -> Step:
        by = str(self._need(own, "by"))
        if by not in parts:
            message = f"`by` names a part of the file of roles ({', '.join(parts)}); found {by!r}.{near(by, [*parts])}"
            raise Complaint(message, self._place(own, "by"))
        return Step(
            name=str(self._need(own, "step")),
            by=by,
            does=self._wording(own, "does"),
            page=str(own.get("page") or ""),
            command=str(own.get("command") or ""),
            gate=self._wording(own, "gate") if "gate" in own else None,
            template=str(own.get("template") or ""),
        )

    def _list(self, own: Mapping[str, Any], key: str) -> list[Any]:
        found = self._need(own, key)
        if not isinstance(found, list) or not found:
            raise Complaint(f"`{key}` must be a list of at least one entry.", self._place(own, key))
        return found

    def _wording(self, own: Mapping[str, Any], key: str) -> Wording:
        texts = self._mapping(self._need(own, key), LOCALES)
        for locale in LOCALES:
            if not str(texts.get(locale) or "").strip():
                raise Complaint(f"`{key}` has no text in {locale}. Add `{locale}:`.", self._place(own, key))
        return Wording({locale: " ".join(str(texts[locale]).split()) for locale in LOCALES})
