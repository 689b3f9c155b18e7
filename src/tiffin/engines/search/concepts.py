"""Concepts: what is meant, with words for it in every language; a question in one finds a text in another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tiffin.engines.search.analysis import Unit, units

SKIPPED = 2
"""Stop words that may stand between the words of a phrase: "money was given back" says what "give money back" says."""


@dataclass(frozen=True, slots=True)
class Concept:
    """Something that the business speaks of.

    Parameters
    ----------
    name : str
        Its name in the glossary.
    phrases : Mapping of str to tuple of str
        Words and phrases for it by language: ``en``, ``ar``, ``zh``, ``pt``.
    about : tuple of str
        Documents that are about just this; ``alert:*`` stands for all of a kind.
    """

    name: str
    phrases: Mapping[str, tuple[str, ...]]
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A concept's phrase found in a text, from its first unit to its last."""

    concept: str
    first: int
    last: int
    is_loose: bool = False
    """Whether a word that carries meaning stands between its words: "bank and card charges" for "bank charges"."""


@dataclass(slots=True)
class _Node:
    after: dict[str, "_Node"] = field(default_factory=dict)
    concepts: list[str] = field(default_factory=list)


class Phrasebook:
    """All phrases of some concepts, to be found in cut texts."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = {concept.name: concept for concept in concepts}
        self._roots: dict[str, _Node] = {}
        self.words: set[str] = set()
        for concept in self.concepts.values():
            for language, phrases in concept.phrases.items():
                for phrase in phrases:
                    self._add(concept.name, units(phrase, language))

    def _add(self, concept: str, phrase: list[Unit]) -> None:
        if not phrase:
            return
        node = self._roots.setdefault(phrase[0].language, _Node())
        for unit in phrase:
            if unit.language != "zh":
                self.words.add(f"{unit.language}:{unit.key}")
            node = node.after.setdefault(unit.key, _Node())
        if concept not in node.concepts:
            node.concepts.append(concept)

    def beginning_with(self, begun: str, most: int = 12) -> list[str]:
        """Find words of phrases that begin so, the shortest first."""
        return sorted((word for word in self.words if word.startswith(begun)), key=lambda one: (len(one), one))[:most]

    def loose_matches(self, found: list[Unit]) -> list[Match]:
        """Find phrases of several words that have one word of another meaning between the first and the rest."""
        made: list[Match] = []
        for place, unit in enumerate(found):
            root = self._roots.get(unit.language)
            if unit.language == "zh" or unit.is_stop_word or root is None or unit.key not in root.after:
                continue
            told = [at for at in range(place + 1, len(found)) if not found[at].is_stop_word]
            if len(told) >= SKIPPED:
                rest: list[Match] = []
                self._follow(root.after[unit.key], [unit, *found[told[1] :]], 0, rest)
                shift = told[1] - 1
                made += [Match(one.concept, place, one.last + shift, is_loose=True) for one in rest if one.last]
        return made

    def matches(self, found: list[Unit]) -> list[Match]:
        """Find every phrase in a cut text, those within others too."""
        made: list[Match] = []
        for place, unit in enumerate(found):
            root = self._roots.get(unit.language)
            if root is not None and unit.key in root.after:
                self._follow(root.after[unit.key], found, place, made)
        return made

    @staticmethod
    def _follow(node: _Node, found: list[Unit], first: int, made: list[Match]) -> None:
        place, skipped = first, 0
        while True:
            made.extend(Match(concept, first, place) for concept in node.concepts)
            following = place + 1 + skipped
            if not node.after or following >= len(found):
                return
            unit = found[following]
            if unit.key in node.after:
                node, place, skipped = node.after[unit.key], following, 0
            elif unit.is_stop_word and skipped < SKIPPED:
                skipped += 1
            else:
                return


def outermost(matches: Iterable[Match]) -> tuple[list[Match], list[Match]]:
    """Part matches into those that lie in no longer one, and those that do."""
    listed = list(matches)
    inner = [
        one
        for one in listed
        if any(
            other.first <= one.first and one.last <= other.last and other.last - other.first > one.last - one.first
            for other in listed
        )
    ]
    return [one for one in listed if one not in inner], inner
