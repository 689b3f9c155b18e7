"""One spelling for what is written in several: case, diacritics, Arabic letters, Chinese forms, digits of all scripts.

References
----------
Larkin, Ballesteros and Connell (2002), Improving stemming for Arabic information retrieval: normalisation of letters.
Unicode Standard Annex 15 (compatibility decomposition).
"""

import unicodedata

from tiffin.engines.search.han import TO_SIMPLIFIED

LEFT_OUT = frozenset({"\u0640", "\u0621"})
"""The tatweel, which only stretches a word, and the hamza alone, which is often not written at a word's end."""

ARABIC_LETTERS = {
    "\u0622": "\u0627",  # alef with madda
    "\u0623": "\u0627",  # alef with hamza above
    "\u0625": "\u0627",  # alef with hamza below
    "\u0671": "\u0627",  # alef wasla
    "\u0649": "\u064a",  # alef maksura is written for ya
    "\u06cc": "\u064a",  # the Persian ya
    "\u0626": "\u064a",  # ya with hamza
    "\u0624": "\u0648",  # waw with hamza
    "\u0629": "\u0647",  # ta marbuta is written for ha
    "\u06a9": "\u0643",  # the Persian kaf
}


class _Folding(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        """Work out one character; marks and letters of `LEFT_OUT` become nothing."""
        found = _folded(chr(code))
        self[code] = found
        return found


def _folded(character: str) -> str:
    if character in LEFT_OUT:
        return ""
    if character in ARABIC_LETTERS:
        return ARABIC_LETTERS[character]
    kept = (c for c in unicodedata.normalize("NFKD", character.lower()) if not unicodedata.combining(c))
    return "".join(_letter(c) for c in kept)


def _letter(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    return TO_SIMPLIFIED.get(ord(character), ARABIC_LETTERS.get(character, character))


_FOLDING = _Folding()


def folded(text: str) -> str:
    """Write a text in the one spelling in which texts are compared.

    Examples
    --------
    >>> folded("Ação"), folded("إلغاءات"), folded("٢٠ 訂單")
    ('acao', 'الغاءات', '20 订单')
    """
    return text.translate(_FOLDING)


def folded_with_places(text: str) -> tuple[str, list[int]]:
    """Fold a text and tell for each character of the result at which place of the text it stood."""
    pieces = [_FOLDING[ord(character)] for character in text]
    return "".join(pieces), [place for place, piece in enumerate(pieces) for _ in piece]
