"""Pages of adoption: what I asked for, the road map, what is new, what nobody uses, feedback and the survey."""

from fastapi import APIRouter

from tiffin.capabilities.adoption.pages import feedback, launches, requirements, retirements, surveys

router = APIRouter(include_in_schema=False)
for one in (requirements, launches, retirements, feedback, surveys):
    router.include_router(one.router, prefix="/adoption")
