"""Rehearsals in a browser: what was planted in simulated days, and what rehearsals come to."""

from fastapi import APIRouter

from tiffin.capabilities.rehearsals.pages import planted

router = APIRouter(include_in_schema=False)
for part in (planted,):
    router.include_router(part.router)
