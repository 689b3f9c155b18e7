"""Several YAML files of one policy in one text: each begins with a line that names it."""

import re

from tiffin.capabilities.policies.domain.exchange.files import PolicyFiles

_BEGINS = re.compile(r"^--- # (\S+)\n", re.MULTILINE)


def yaml_of(files: PolicyFiles) -> bytes:
    """Write a policy's files one after the other; one alone stands as it is."""
    if len(files.all) == 1:
        return files.base.text.encode()
    return "".join(f"--- # {one.name}\n{_ended(one.text)}" for one in files.all).encode()


def texts_in(text: str) -> tuple[tuple[str, str], ...]:
    """Take a text apart into files by name; one that names none is a file without a name."""
    pieces = _BEGINS.split(text)
    if pieces[0].strip() or len(pieces) == 1:
        return (("", text),)
    return tuple(zip(pieces[1::2], pieces[2::2], strict=True))


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"
