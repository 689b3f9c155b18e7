"""From text to terms: each run of a script is cut as its language is cut, and every term says whose it is.

A term is ``en:deliver``, ``pt:entreg``, ``ar:طلب`` or ``zh:订单``. Latin script may be English or Portuguese:
a document says which, a question is read as both.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tiffin.engines.search.folding import folded, folded_with_places
from tiffin.engines.search.stemming import arabic_stem, english_stem, portuguese_stem
from tiffin.engines.search.words import CIRCUMSTANCES, STOP_WORDS

LANGUAGES = ("en", "ar", "zh", "pt")
"""Languages whose words are cut apart; both Chinese scripts are one here."""

_RUN = re.compile(
    r"(?P<zh>[\u3400-\u9fff\uf900-\ufaff]+)|(?P<ar>[\u0600-\u06ff]+)|(?P<latin>[^\W_\u0600-\u06ff\u3400-\u9fff]+)"
)
_STEMS = {"en": english_stem, "pt": portuguese_stem, "ar": arabic_stem}


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of text as it is compared: a word, or one Chinese character.

    Parameters
    ----------
    key : str
        The stem, or the character.
    word : str
        The folded word.
    start, end : int
        Where it stands in the folded text.
    """

    language: str
    key: str
    word: str
    start: int
    end: int

    @property
    def is_stop_word(self) -> bool:
        """Tell whether it carries no meaning of its own."""
        return self.word in STOP_WORDS[self.language]

    @property
    def is_circumstance(self) -> bool:
        """Tell whether it only says when or where something is wanted."""
        return self.is_stop_word or self.word in CIRCUMSTANCES[self.language]


def language_of_locale(locale: str) -> str:
    """Name the language whose rules cut a locale's words."""
    language = locale.partition("_")[0]
    return language if language in LANGUAGES else "en"


def units(text: str, language: str) -> list[Unit]:
    """Cut a text of a language; Latin script in an Arabic or Chinese one is read as English."""
    return list(_units(folded(text), _latin(language)))


def placed_units(text: str, language: str) -> list[Unit]:
    """Cut a text, with places that count the text's own characters."""
    plain, places = folded_with_places(text)
    return [
        Unit(one.language, one.key, one.word, places[one.start], places[one.end - 1] + 1)
        for one in _units(plain, _latin(language))
    ]


def _latin(language: str) -> str:
    return "pt" if language == "pt" else "en"


def _units(plain: str, latin: str) -> Iterator[Unit]:
    for run in _RUN.finditer(plain):
        kind, text, start = run.lastgroup, run.group(), run.start()
        if kind == "zh":
            yield from (Unit("zh", c, c, start + i, start + i + 1) for i, c in enumerate(text))
        else:
            language = latin if kind == "latin" else "ar"
            # A small word is no stem: that of "comando" (command) is "com" (with), that of "sobra" (rest) "sobr".
            key = f"{text}." if text in STOP_WORDS[language] else _STEMS[language](text)
            yield Unit(language, key, text, start, run.end())


def terms(found: list[Unit]) -> list[tuple[str, int, int]]:
    """Give the terms of a cut text, each with the first and last of the units that it covers.

    Stop words make none. A Chinese run gives its overlapping pairs of characters; one that stands alone gives itself.
    """
    made: list[tuple[str, int, int]] = []
    for place, one in enumerate(found):
        if one.language != "zh":
            if not one.is_stop_word:
                made.append((f"{one.language}:{one.key}", place, place))
        elif _follows(found, place) and not (one.is_stop_word or found[place + 1].is_stop_word):
            made.append((f"zh:{one.key}{found[place + 1].key}", place, place + 1))
        if one.language == "zh" and not one.is_stop_word and _is_alone(found, place):
            made.append((f"zh:{one.key}", place, place))
    return made


def _is_alone(found: list[Unit], place: int) -> bool:
    """Tell whether a Chinese character stands between others that carry no meaning, or at an end."""
    before = place > 0 and _follows(found, place - 1) and not found[place - 1].is_stop_word
    return not before and not (_follows(found, place) and not found[place + 1].is_stop_word)


def _follows(found: list[Unit], place: int) -> bool:
    one = found[place]
    after = found[place + 1] if place + 1 < len(found) else None
    return one.language == "zh" and after is not None and after.language == "zh" and after.start == one.end
