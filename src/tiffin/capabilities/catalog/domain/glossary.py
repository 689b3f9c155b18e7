"""The glossary: what the business speaks of, in every language, and the assets that are about it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tiffin.capabilities.metrics.domain.plain import LINES, Complaint, PlainReader
from tiffin.capabilities.metrics.domain.reading import File
from tiffin.engines.metrics.definitions import Wording
from tiffin.engines.metrics.model import Problem
from tiffin.engines.search.analysis import language_of_locale
from tiffin.engines.search.concepts import Concept
from tiffin.kernel.assets import AssetId
from tiffin.kernel.contract import LOCALES
from tiffin.kernel.errors import TiffinError

ENTRY = ("label", "definition", "synonyms", "related", "about")
EVERY = "*"
"""The name that stands for all assets of a kind."""

MOST_LETTERS = 80
"""A synonym is a word or a phrase, not a sentence."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that the business speaks of.

    Parameters
    ----------
    synonyms : Mapping of str to tuple of str
        Other words for it by locale.
    related : tuple of str
        Names of terms beside it.
    about : tuple of AssetId
        Assets that are about it; one named ``*`` stands for all of its kind.
    """

    name: str
    label: Wording
    definition: Wording
    synonyms: Mapping[str, tuple[str, ...]]
    related: tuple[str, ...]
    about: tuple[AssetId, ...]

    def about_among(self, known: Collection[AssetId]) -> tuple[AssetId, ...]:
        """Name the assets about it, of those that are known."""
        kinds = {one.kind for one in self.about if one.name == EVERY}
        of_kinds = sorted(one for one in known if one.kind in kinds)
        return (*(one for one in self.about if one in known), *of_kinds)

    @property
    def concept(self) -> Concept:
        """Give it as the search takes it: its words by language, both Chinese scripts as one."""
        phrases: dict[str, tuple[str, ...]] = {}
        for locale in LOCALES:
            language = language_of_locale(locale)
            own = (self.label.texts.get(locale, ""), *self.synonyms.get(locale, ()))
            phrases[language] = tuple(dict.fromkeys((*phrases.get(language, ()), *filter(None, own))))
        return Concept(self.name, phrases, tuple(one.text for one in self.about))


Glossary = Mapping[str, Term]


def read_glossary(shipped: Iterable[File], own: Iterable[File]) -> tuple[Glossary, tuple[Problem, ...]]:
    """Read the glossary that ships, and what a workspace adds to it; a faulty entry is left out and reported.

    What a workspace says of a term that ships stands over it; synonyms are added to those that are there.
    """
    terms: dict[str, Term] = {}
    problems: list[Problem] = []
    for file in (*shipped, *own):
        _Reader(file, problems).read(file.content, terms)
    for term in terms.values():
        unknown = [name for name in term.related if name not in terms]
        problems += [
            Problem(f"The term {term.name} names {name} as related; there is no such term.", None) for name in unknown
        ]
        terms[term.name] = replace(term, related=tuple(name for name in term.related if name not in unknown))
    return terms, tuple(problems)


class _Reader(PlainReader):
    def __init__(self, file: File, problems: list[Problem]) -> None:
        super().__init__(file.place_of, problems)

    def read(self, content: Any, terms: dict[str, Term]) -> None:
        try:
            own = self._mapping(content, ("concepts",))
            entries = self._mapping(self._need(own, "concepts"), None)
        except Complaint as complaint:
            self._problems.append(Problem(str(complaint), complaint.place))
            return
        for name in entries:
            if name == LINES:
                continue
            try:
                terms[str(name)] = self._term(str(name), entries[name], terms.get(str(name)))
            except Complaint as complaint:
                self._problems.append(Problem(f"{name}: {complaint}", complaint.place))

    def _term(self, name: str, raw: Any, known: Term | None) -> Term:
        own = self._mapping(raw, ENTRY)
        said = self._synonyms(own)
        synonyms = dict(known.synonyms) if known else {}
        for locale, words in said.items():
            synonyms[locale] = tuple(dict.fromkeys((*synonyms.get(locale, ()), *words)))
        return Term(
            name=name,
            label=self._wording(own, "label", known.label if known else None),
            definition=self._wording(own, "definition", known.definition if known else None),
            synonyms=synonyms,
            related=self._names(own, "related") or (known.related if known else ()),
            about=self._about(own) or (known.about if known else ()),
        )

    def _wording(self, own: Mapping[str, Any], key: str, known: Wording | None) -> Wording:
        if known is not None and key not in own:
            return known
        texts = self._mapping(self._need(own, key), LOCALES)
        told = {locale: " ".join(str(texts[locale]).split()) for locale in LOCALES if texts.get(locale)}
        if "en" not in told:
            raise Complaint(f"`{key}` has no text in en. Add `en:`.", self._place(own, key))
        return Wording({**(known.texts if known else {}), **told})

    def _synonyms(self, own: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        raw = self._mapping(own.get("synonyms") or {}, LOCALES)
        return {locale: self._names(raw, locale) for locale in LOCALES if locale in raw}

    def _names(self, own: Mapping[str, Any], key: str) -> tuple[str, ...]:
        found = own.get(key) or []
        if not isinstance(found, list) or not all(isinstance(one, str | int) and str(one).strip() for one in found):
            raise Complaint(f"`{key}` is a list of words.", self._place(own, key))
        return tuple(dict.fromkeys(" ".join(str(one).split())[:MOST_LETTERS] for one in found))

    def _about(self, own: Mapping[str, Any]) -> tuple[AssetId, ...]:
        try:
            return tuple(AssetId.parse(one) for one in self._names(own, "about"))
        except Complaint:
            raise
        except TiffinError as error:
            raise Complaint(str(error), self._place(own, "about")) from None
