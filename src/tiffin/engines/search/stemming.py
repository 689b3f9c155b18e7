"""Light stems: words of one family come together, and no more; what a stem cannot join, the glossary does.

References
----------
Harman (1991), How effective is suffixing? (the S stemmer). Orengo and Huyck (2001), A stemming algorithm for
Portuguese. Larkin, Ballesteros and Connell (2002), light10 for Arabic. All are taken in a lighter form.
"""

from functools import lru_cache

SHORTEST = 3
"""A stem keeps at least so many letters."""


def _endings(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_PORTUGUESE = _endings(
    "amentos imentos amento imento abilidade ibilidade idade "
    "adoras adores adora ador acoes icoes ucoes acao icao ucao mente ancia encia ariam "
    "eriam aram eram iram ando endo indo avam adas ados idas idos amos emos imos aria eria ava ada ado ida ido ou eu "
    "iu ar er ir am em avel ivel agem ante ente ivo iva oso osa eiro eira ista ei ia"
)
_ENGLISH = _endings("ations ation ments ment ances ance ences ence nesses ness ingly ing edly ed ly")
_ARABIC_BEFORE = _endings("وال بال كال فال لل ال")
_ARABIC_AFTER = _endings("هما هم \u0647\u0627 نا ات ان ون ين يه وا \u0647 ي ت")
_WAW = "\u0648"


@lru_cache(maxsize=200_000)
def english_stem(word: str) -> str:
    """Stem a folded English word.

    Examples
    --------
    >>> [english_stem(w) for w in ("deliveries", "delivered", "cancelled", "cancellations", "promises")]
    ['deliver', 'deliver', 'cancel', 'cancel', 'promis']
    """
    if len(word) <= SHORTEST or not word.isalpha():
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    word = _without(word, _ENGLISH, keep=SHORTEST)
    if word[-1] == word[-2] and word[-1] not in "aeious":
        word = word[:-1]
    return word.rstrip("ey") if len(word.rstrip("ey")) > SHORTEST else word


@lru_cache(maxsize=200_000)
def portuguese_stem(word: str) -> str:
    """Stem a folded Portuguese word.

    Examples
    --------
    >>> [portuguese_stem(w) for w in ("cancelamentos", "cancelado", "entregas", "entregadores", "atrasou", "atraso")]
    ['cancel', 'cancel', 'entreg', 'entreg', 'atras', 'atras']
    """
    if len(word) <= SHORTEST or not word.isalpha():
        return word
    word = _singular(word)
    word = _without(word, _PORTUGUESE, keep=SHORTEST + 1)
    return word[:-1] if len(word) > SHORTEST and word[-1] in "aeo" else word


def _singular(word: str) -> str:
    for many, one in (
        ("oes", "ao"),
        ("aes", "ao"),
        ("ais", "al"),
        ("eis", "el"),
        ("ns", "m"),
        ("res", "r"),
        ("zes", "z"),
    ):
        if word.endswith(many) and len(word) - len(many) >= 2:  # noqa: PLR2004 - a syllable stays
            return word[: -len(many)] + one
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=200_000)
def arabic_stem(word: str) -> str:
    """Stem a folded Arabic word: what is written before and after a word comes off.

    Examples
    --------
    >>> arabic_stem("والطلبات") == arabic_stem("طلب")
    True
    """
    if word.startswith(_WAW) and len(word) > SHORTEST + 1:
        word = word[1:]
    for before in _ARABIC_BEFORE:
        if word.startswith(before) and len(word) - len(before) >= SHORTEST - 1:
            word = word[len(before) :]
            break
    return _without(word, _ARABIC_AFTER, keep=SHORTEST - 1 if len(word) <= SHORTEST + 1 else SHORTEST)


_ARABIC_MADE_WITH = _endings("مست است يست تست مت انت ان م ت ي \u0627")
"""What is put before a root to make verbs, and names of acts, places and people, from it."""
_LONG_VOWELS = str.maketrans("", "", "\u0627\u0648\u064a")


@lru_cache(maxsize=200_000)
def arabic_root(stem: str) -> str:
    """Guess the consonants from which an Arabic stem is made; as short as three, else all of them.

    Examples
    --------
    >>> {arabic_root(arabic_stem(word)) for word in ("المسترجعه", "استرجاع", "ارجاع")} == {arabic_root("رجع")}
    True
    """
    for before in _ARABIC_MADE_WITH:
        rest = stem[len(before) :].translate(_LONG_VOWELS)
        if stem.startswith(before) and len(rest) >= SHORTEST:
            return rest
    return stem.translate(_LONG_VOWELS)


def _without(word: str, endings: tuple[str, ...], *, keep: int) -> str:
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= keep:
            return word[: -len(ending)]
    return word
