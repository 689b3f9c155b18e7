"""The pages of access: signing in, accounts, the audit trail, personal data."""

from fastapi import APIRouter

from tiffin.capabilities.access.pages import (
    accounts,
    auditing,
    classification,
    masks,
    people,
    requests,
    reviews,
    signing,
)

router = APIRouter()
for part in (signing, accounts, auditing, requests, reviews, classification, masks, people):
    router.include_router(part.router)
