"""Names of other tools' models, which hold spaces and signs, as names that our files and programs can write."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tiffin.engines.decisions.feel.calling import BUILT_INS
from tiffin.engines.decisions.feel.faults import NotFeel
from tiffin.engines.decisions.feel.names import Names
from tiffin.engines.decisions.feel.parsing import parse_expression, parse_tests
from tiffin.engines.decisions.feel.tree import Constant, Name, Node, all_of

MAX_NAME = 60


class Read(NamedTuple):
    """A text of FEEL, its names written anew, and what it speaks of.

    Parameters
    ----------
    names : frozenset of str
        The names that it uses, as the model calls them.
    constants : tuple
        The values written out in it.
    fault : str
        Why it cannot be read; empty where it can.
    """

    text: str
    names: frozenset[str] = frozenset()
    constants: tuple[object, ...] = ()
    fault: str = ""


class Renaming:
    """Writes texts of FEEL with other names.

    Parameters
    ----------
    known : Iterable of str
        Every name that a text may use.
    fields : Iterable of str
        Every name that may follow a dot.
    """

    def __init__(self, known: Iterable[str], fields: Iterable[str]) -> None:
        own = [one for one in known if one]
        self.known = frozenset(own)
        self.names = Names().with_variables(BUILT_INS).with_variables(own).with_members(fields)
        self.called: dict[str, str] = {}

    def cell(self, text: str) -> Read:
        """Write a cell anew."""
        return self._read(text, tests=True)

    def expression(self, text: str) -> Read:
        """Write an expression anew."""
        return self._read(text, tests=False)

    def _read(self, text: str, *, tests: bool) -> Read:
        try:
            tree: Node = parse_tests(text, self.names) if tests else parse_expression(text, self.names)
        except NotFeel as fault:
            return Read(text, fault=str(fault))
        nodes = list(all_of(tree))
        named = [one for one in nodes if isinstance(one, Name) and one.name in self.known]
        constants = tuple(one.value for one in nodes if isinstance(one, Constant) and one.value is not None)
        return Read(_written(text, named, self.called), frozenset(one.name for one in named), constants)


def names_in(text: str) -> tuple[str, ...]:
    """Name what an expression of our own speaks of beside built-in functions; nothing where it cannot be read."""
    try:
        tree = parse_expression(text, Names().with_variables(BUILT_INS))
    except NotFeel:
        return ()
    found = sorted((one.span.start, one.name) for one in all_of(tree) if isinstance(one, Name))
    return tuple(dict.fromkeys(name for _, name in found if name not in BUILT_INS))


def identifier(text: str, fallback: str, taken: Iterable[str] = ()) -> str:
    """Make of a text a name of lower-case Latin letters, digits and ``_`` that nobody has yet.

    Examples
    --------
    >>> identifier("Years of Service", "input"), identifier("年龄", "input"), identifier("Age", "input", ["age"])
    ('years_of_service', 'input', 'age_2')
    """
    plain = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text)).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:MAX_NAME].strip("_")
    made = made if made and not made[0].isdigit() else "_".join(one for one in (fallback, made) if one)
    held, number = frozenset(taken), 2
    found = made
    while found in held:
        found, number = f"{made}_{number}", number + 1
    return found


def _written(text: str, named: Iterable[Name], called: Mapping[str, str]) -> str:
    for one in sorted(named, key=lambda one: -one.span.start):
        text = text[: one.span.start] + called.get(one.name, one.name) + text[one.span.end :]
    return text
