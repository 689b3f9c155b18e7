"""What must hold of drafted parameters: they change nothing before the day of their draft, and what they change."""

from collections.abc import Iterable, Mapping
from datetime import date

from tiffin.capabilities.policies.domain.parameters import in_force
from tiffin.capabilities.policies.domain.policy import Parameter
from tiffin.capabilities.policies.domain.versions import PARAMETERS, Version, digest_of
from tiffin.capabilities.policies.service.drafting import Draft
from tiffin.capabilities.policies.service.library import find, read_stated
from tiffin.engines.decisions.feel.values import Value
from tiffin.kernel.errors import NotFound, WrongUse
from tiffin.kernel.messages import Message
from tiffin.runtime.context import Context


def refuse_earlier(context: Context, draft: Draft, day: date) -> None:
    """Refuse parameters that change what holds before the day of their draft: past days need a reason.

    Raises
    ------
    WrongUse
        A value that a table may name is another one on an earlier day.
    InvalidDefinition
        The parameters cannot be read.
    """
    if PARAMETERS not in draft.files:
        return
    try:
        now = find(context, draft.policy)
    except NotFound:
        return
    new, names = stated_in(draft.policy, draft.files[PARAMETERS]), {one.name for one in now.parameters}
    dated = {one.since for one in (*now.parameters, *new)}
    begins = now.turning_points[:1]
    for earlier in sorted({*begins, *(one for one in dated for begin in begins if begin < one)}):
        was, will = _values(now.parameters, earlier), _values(new, earlier)
        changed = [name for name in sorted(names) if was.get(name) != will.get(name)]
        if earlier < day and changed:
            raise WrongUse(
                Message(
                    "These parameters would change {name} on {earlier} already, before {day}. Let the new entry begin "
                    "on {day} or later, or propose the draft from {earlier} on and say why.",
                    name=changed[0],
                    earlier=earlier.isoformat(),
                    day=day.isoformat(),
                )
            )


def stated_in(policy: str, text: str) -> tuple[Parameter, ...]:
    """Read a text of parameters that is no file yet; none in an empty one.

    Raises
    ------
    InvalidDefinition
        It cannot be read.
    """
    return read_stated(Version(policy, PARAMETERS, date.min, digest_of(text), text), PARAMETERS) if text.strip() else ()


def changed_entries(draft: Draft) -> tuple[tuple[Parameter, ...], tuple[Parameter, ...]]:
    """Give the entries of parameters that a draft takes away, and those that it adds.

    Raises
    ------
    InvalidDefinition
        They cannot be read.
    """
    if PARAMETERS not in draft.files:
        return (), ()
    was, now = (stated_in(draft.policy, texts.get(PARAMETERS, "")) for texts in (draft.base, draft.files))
    return tuple(one for one in was if one not in now), tuple(one for one in now if one not in was)


def _values(parameters: Iterable[Parameter], on: date) -> Mapping[str, Mapping[tuple[str, str], tuple[Value, str]]]:
    """Give what each name says on a day, by market and city."""
    placed = in_force(parameters, on)
    return {
        name: {(one.market, one.city): (one.value, one.unit) for one in held.entries} for name, held in placed.items()
    }
