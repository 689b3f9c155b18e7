"""What a form says to its action, as every page with such forms takes it."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request

SAID = "said_"


async def said_in_form(request: Request) -> Mapping[str, str]:
    """Give what a form says to its action: the fields whose names begin with ``said_``."""
    form = await request.form()
    return {
        name.removeprefix(SAID): text.strip()
        for name, text in form.items()
        if name.startswith(SAID) and isinstance(text, str)
    }


Said = Annotated[Mapping[str, str], Depends(said_in_form)]
