"""Sets of characters in patterns: classes, categories and blocks of Unicode.

References
----------
W3C, XML Schema Definition Language 1.1 Part 2, Appendix G; XPath and XQuery Functions and Operators 3.1, §5.6.1.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

BLOCKS: Mapping[str, tuple[int, int]] = {
    "BasicLatin": (0x0, 0x7F),
    "Latin-1Supplement": (0x80, 0xFF),
    "LatinExtended-A": (0x100, 0x17F),
    "LatinExtended-B": (0x180, 0x24F),
    "IPAExtensions": (0x250, 0x2AF),
    "CombiningDiacriticalMarks": (0x300, 0x36F),
    "Greek": (0x370, 0x3FF),
    "GreekandCoptic": (0x370, 0x3FF),
    "Cyrillic": (0x400, 0x4FF),
    "Armenian": (0x530, 0x58F),
    "Hebrew": (0x590, 0x5FF),
    "Arabic": (0x600, 0x6FF),
    "Syriac": (0x700, 0x74F),
    "Devanagari": (0x900, 0x97F),
    "Bengali": (0x980, 0x9FF),
    "Tamil": (0xB80, 0xBFF),
    "Thai": (0xE00, 0xE7F),
    "Georgian": (0x10A0, 0x10FF),
    "HangulJamo": (0x1100, 0x11FF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "LetterlikeSymbols": (0x2100, 0x214F),
    "NumberForms": (0x2150, 0x218F),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "BoxDrawing": (0x2500, 0x257F),
    "GeometricShapes": (0x25A0, 0x25FF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7AF),
    "PrivateUse": (0xE000, 0xF8FF),
    "ArabicPresentationForms-A": (0xFB50, 0xFDFF),
    "ArabicPresentationForms-B": (0xFE70, 0xFEFF),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
}
"""Blocks by their names in patterns, first and last code point."""

CATEGORIES = frozenset(
    "L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po Z Zs Zl Zp S Sm Sc Sk So C Cc Cf Co Cn".split()  # noqa: SIM905 - a line of words
)
"""General categories of Unicode that a pattern may name."""

Holds = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class CharacterSet:
    """Characters that are in one of some sets, or in none when negated, and not in what is subtracted."""

    members: tuple[Holds, ...]
    negated: bool = False
    without: "CharacterSet | None" = None

    def holds(self, character: str, *, ignoring_case: bool) -> bool:
        """Tell whether a character belongs to it, in any case of letters if that is asked."""
        forms = _cases(character) if ignoring_case else (character,)
        if self.negated:
            inside = not any(self._has(one) for one in forms)
            return inside and not (self.without and self.without.holds(character, ignoring_case=ignoring_case))
        return any(self._has(one) and not self._taken(one) for one in forms)

    def _has(self, character: str) -> bool:
        return any(member(character) for member in self.members)

    def _taken(self, character: str) -> bool:
        return self.without is not None and self.without.holds(character, ignoring_case=False)


def one_of(first: str, last: str) -> Holds:
    """Hold the characters from one to another."""
    return lambda character: first <= character <= last


def category(name: str) -> Holds | None:
    """Hold the characters of a category or block, such as ``Lu`` or ``IsGreek``; None for any other name."""
    if name.startswith("Is") and name[2:] in BLOCKS:
        low, high = BLOCKS[name[2:]]
        return lambda character: low <= ord(character) <= high
    if name in CATEGORIES:
        return lambda character: unicodedata.category(character).startswith(name)
    return None


def none_of(holds: Holds) -> Holds:
    """Hold every character that a set does not hold."""
    return lambda character: not holds(character)


def _is_space(character: str) -> bool:
    return character in " \t\n\r"


def _is_digit(character: str) -> bool:
    return unicodedata.category(character) == "Nd"


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] not in "PZC"


def _begins_name(character: str) -> bool:
    return character in "_:" or unicodedata.category(character)[0] == "L"


def _is_in_name(character: str) -> bool:
    return _begins_name(character) or character in "-.\u00b7" or unicodedata.category(character) in ("Nd", "Mn", "Mc")


SHORTHANDS: Mapping[str, Holds] = {
    "s": _is_space,
    "d": _is_digit,
    "w": _is_word,
    "i": _begins_name,
    "c": _is_in_name,
}
"""Sets by the letter after a backslash; the capital letter means all others."""


def _cases(character: str) -> tuple[str, ...]:
    return tuple({character, character.lower(), character.upper(), character.casefold()})
