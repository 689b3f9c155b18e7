"""The pages of access: signing in, accounts, the audit trail."""

from fastapi import APIRouter

from tiffin.capabilities.access.pages import accounts, auditing, classification, requests, reviews, signing

router = APIRouter()
for part in (signing, accounts, auditing, requests, reviews, classification):
    router.include_router(part.router)
