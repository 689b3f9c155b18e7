"""A place in a text that is being read: the tokens ahead, and the names in scope."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from tiffin.engines.decisions.feel.faults import NotFeel, Span
from tiffin.engines.decisions.feel.lexing import Sort, Token, name_text, tokens_of
from tiffin.engines.decisions.feel.names import Names
from tiffin.kernel.messages import Message

MAX_DEPTH = 100
"""How deeply expressions may stand inside each other."""

KEYWORDS = frozenset(
    "and or in between instance if then else for return some every satisfies function true false null".split()  # noqa: SIM905 - a line of words
)


class Cursor:
    """Reads tokens one by one.

    Parameters
    ----------
    text : str
        The whole text.
    names : Names
        What can be seen where it begins.
    """

    def __init__(self, text: str, names: Names) -> None:
        self.text = text
        self.tokens = tokens_of(text)
        self.names = names
        self.at = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        """The token ahead."""
        return self.tokens[self.at]

    def ahead(self, *texts: str) -> bool:
        """Tell whether the token ahead is one of these words or signs."""
        return self.token.text in texts and self.token.sort in (Sort.WORD, Sort.SIGN)

    def accept(self, *texts: str) -> str | None:
        """Take the token ahead if it is one of these."""
        if not self.ahead(*texts):
            return None
        self.at += 1
        return self.tokens[self.at - 1].text

    def expect(self, *texts: str) -> str:
        """Take the token ahead, which has to be one of these."""
        found = self.accept(*texts)
        if found is None:
            raise self.wrong(" or ".join(texts))
        return found

    def wrong(self, expected: str) -> NotFeel:
        """Make the error that something else was expected here."""
        return NotFeel(self.text, self.token.span, expected)

    def since(self, start: int) -> Span:
        """Give the place from a character up to the token that was taken last."""
        return Span(start, max(start, self.tokens[self.at - 1].span.end))

    def known_name(self) -> str | None:
        """Take the longest name in scope that begins here."""
        found = self.names.longest_here(self.tokens, self.at)
        if found is None or (found[1] == 1 and found[0] in KEYWORDS):
            return None
        self.at += found[1]
        return found[0]

    def new_name(self, *ends: str) -> str:
        """Take all tokens up to one of these: a name that is declared here."""
        start = self.at
        while not self.ahead(*ends) and self.token.sort is not Sort.END:
            self.at += 1
        if start == self.at or self.token.sort is Sort.END:
            raise self.wrong(Message("A name, then {signs}", signs=" or ".join(ends)))
        return name_text(self.tokens[start : self.at])

    @contextmanager
    def seeing(self, names: Iterable[str]) -> Iterator[None]:
        """Let more variables be seen for a while."""
        with self.scope(self.names.with_variables(names)):
            yield

    @contextmanager
    def scope(self, names: Names) -> Iterator[None]:
        """Let other names be seen for a while; fields that were found meanwhile stay known."""
        before, self.names = self.names, names
        try:
            yield
        finally:
            self.names = before.with_members_of(self.names)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Count one level of nesting."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.wrong(Message("At most {most} expressions inside each other", most=MAX_DEPTH))
        yield
        self.depth -= 1
