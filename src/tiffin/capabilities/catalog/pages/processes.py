"""The process of looking after data, as a section of the site."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from tiffin.capabilities.catalog.service.processes import find_process, processes
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()


@router.get("/processes")
def show_processes(request: Request, context: ContextDep) -> HTMLResponse:
    """Show every process and who plays which part in them."""
    return page(request, context, "catalog/processes.html", found=processes(context))


@router.get("/processes/{name}")
def show_process(request: Request, context: ContextDep, name: str) -> HTMLResponse:
    """Show one process, step by step."""
    return page(request, context, "catalog/process.html", found=processes(context), process=find_process(context, name))
