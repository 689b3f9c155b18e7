"""What can be found: documents of short texts, each text in its field and language."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """What a text is to its document."""

    LABEL = "label"
    NAME = "name"
    SYNONYM = "synonym"
    MEANING = "meaning"
    FORMULA = "formula"
    COLUMNS = "columns"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class FieldWeight:
    """How much a field counts, and how much its length takes away (0: nothing, 1: all of it)."""

    weight: float
    by_length: float


WEIGHTS: Mapping[Field, FieldWeight] = {
    Field.LABEL: FieldWeight(2.8, 0.9),
    Field.NAME: FieldWeight(1.7, 0.5),
    Field.SYNONYM: FieldWeight(3.0, 0.3),
    Field.MEANING: FieldWeight(1.2, 0.6),
    Field.FORMULA: FieldWeight(0.4, 0.7),
    Field.COLUMNS: FieldWeight(0.4, 0.8),
    Field.OWNER: FieldWeight(0.8, 0.5),
}
"""As BM25F takes them."""

ABOUT = FieldWeight(7.0, 0.0)
"""What a concept counts for the documents that it says it is about."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a document.

    Parameters
    ----------
    locale : str
        Its language, such as ``pt_BR``; names and formulas are ``en``.
    """

    field: Field
    locale: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """Something that can be found.

    Parameters
    ----------
    key : str
        Its name, such as ``metric:late_share``.
    prior : float
        How much it is used and trusted, between 0 and 1; it moves the relevance by a fraction and never drowns it.
    """

    key: str
    texts: tuple[Text, ...]
    prior: float = 0.5
