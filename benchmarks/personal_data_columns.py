"""Draw columns of made-up people and of harmless things that look like them, with what each holds.

A column is called in its own language, in English, not at all (``col_7``) or misleadingly (``order_ref``). Kinds that
nobody could tell by their values alone (passports, bare keys) keep a name that speaks, and so do phones of eight digits
without a blank.
"""

# ruff: noqa: PLR2004, S311 - shares stand where something is drawn, and nothing here is a secret

import random
from dataclasses import dataclass

import personal_data_headings as headings
from personal_data_values import MAKERS, WHOLE, phone

LANGUAGES = ("en", "ar", "zh_Hans", "zh_Hant", "pt")
GAPS = (None, "", "-", "N/A")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A column with what it holds: ``truth`` is empty for a harmless one."""

    name: str
    values: list[object]
    truth: frozenset[str]
    language: str
    family: str
    naming: str


def draw_corpus(*, seed: int, each: int, rows: int) -> list[Drawn]:
    """Draw `each` columns of every family in every language that has it."""
    rng = random.Random(seed)
    corpus = []
    for language in LANGUAGES:
        for family, (truth, languages) in FAMILIES.items():
            if languages is None or language in languages:
                corpus += [_draw(rng, language, family, truth, rows) for _ in range(each)]
    return corpus


def _draw(rng: random.Random, language: str, family: str, truth: frozenset[str], rows: int) -> Drawn:
    naming, name, bare = _name(rng, language, family, truth)
    count = rng.choice((25, 60, rows, rows))
    column = _column(rng, language, family, count, bare=bare)
    return Drawn(name, _spoilt(rng, column, family), truth, language, family, naming)


def _name(rng: random.Random, language: str, family: str, truth: frozenset[str]) -> tuple[str, str, bool]:
    """Choose how the column is called; the last says that its values may be in forms that need a name."""
    key = HEADING_OF.get(family, family)
    own = headings.HEADINGS.get(key, headings.PLAIN_HEADINGS.get(key, {}))
    english = own.get("en", own.get(language, ("value",)))
    draw = rng.random()
    if draw < 0.5 or family in NEED_NAMES:
        return "own", rng.choice(own.get(language, english)), True
    if draw < 0.7:
        return "english", rng.choice(english), True
    if draw < 0.88 or not truth:
        return "hidden", rng.choice(headings.NEUTRAL), False
    return "misleading", rng.choice(headings.MISLEADING), False


def _column(rng: random.Random, language: str, family: str, count: int, *, bare: bool) -> list[object]:
    if family in WHOLE:
        return WHOLE[family](rng, language, count)
    maker = phone if family == "phone" and bare else MAKERS[family]
    return [maker(rng, language) for _ in range(count)]


def _spoilt(rng: random.Random, column: list[object], family: str) -> list[object]:
    """Leave values out, and put a few in that do not belong."""
    missing = rng.choice((0.0, 0.0, 0.1, 0.4))
    wrong = rng.choice((0.0, 0.02, 0.08)) if family not in WHOLE else 0.0
    out: list[object] = []
    for value in column:
        draw = rng.random()
        if draw < missing:
            out.append(rng.choice(GAPS))
        elif draw < missing + wrong and isinstance(value, str):
            out.append(rng.choice((value[: len(value) // 2], "test", "x", f" {value} ")))
        else:
            out.append(value)
    return out


HEADING_OF = {
    "emirates_id": "national_id",
    "kuwaiti_id": "national_id",
    "text_with_phone": "free_text",
    "contact": "phone",
    "epoch": "time",
    "hash": "order_number",
    "long_number": "code",
    "voucher": "code",
}
NEED_NAMES = frozenset({"passport", "person_key"})

_TOLD = (
    "phone",
    "email",
    "person_name",
    "national_id",
    "passport",
    "payment_card",
    "coordinates",
    "address",
    "birth_date",
    "ip_address",
    "plate",
    "free_text",
    "health",
    "belief",
    "trait",
    "person_key",
)
_HARMLESS = (
    "order_number",
    "amount",
    "time",
    "epoch",
    "cell",
    "version",
    "voucher",
    "merchant",
    "city",
    "dish",
    "state",
    "measure",
    "hash",
    "long_number",
)
FAMILIES: dict[str, tuple[frozenset[str], tuple[str, ...] | None]] = {
    **{kind: (frozenset({kind}), None) for kind in _TOLD},
    "emirates_id": (frozenset({"national_id"}), ("ar",)),
    "kuwaiti_id": (frozenset({"national_id"}), ("ar",)),
    "company_id": (frozenset({"company_id"}), ("pt",)),
    "iban": (frozenset({"iban"}), ("ar", "pt", "en")),
    "text_with_phone": (frozenset({"free_text", "phone"}), None),
    "contact": (frozenset({"phone", "email"}), None),
    **{kind: (frozenset(), None) for kind in _HARMLESS},
}
