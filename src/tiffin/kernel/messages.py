"""Texts for people, said where nobody knows yet which language they read."""

from typing import Self


class Message(str):
    """A text that is its own English, filled, and can be said again in another language.

    It is a plain text to whoever knows no languages: logs, files, programs. The edge, which knows its reader, looks
    ``text`` up in the catalogues and fills it with ``values``; a value may be a message itself.

    Parameters
    ----------
    text : str
        The English text with its ``{placeholders}``, as the catalogues know it.

    Examples
    --------
    >>> Message("There is no city {city}.", city="atlantis")
    'There is no city atlantis.'
    """

    __slots__ = ("text", "values")
    text: str
    values: dict[str, object]

    def __new__(cls, text: str, /, **values: object) -> Self:
        """Fill the English text."""
        made = super().__new__(cls, text.format(**values) if values else text)
        made.text, made.values = text, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        """Copy and pickle it whole."""
        return (self.text,), self.values
