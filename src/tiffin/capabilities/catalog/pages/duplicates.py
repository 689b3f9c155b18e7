"""Duplicates in a browser: which metrics and tables there are twice, side by side with their lineage."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from tiffin.capabilities.catalog.service.lineage_duplicates import duplicates
from tiffin.capabilities.metrics import service as metrics
from tiffin.web.edge import ContextDep
from tiffin.web.page import page

router = APIRouter()


@router.get("/duplicates")
def show_duplicates(request: Request, context: ContextDep) -> HTMLResponse:
    """Show what there is twice."""
    labels = {metric.name: metric.label.text(context.locale) for metric in metrics.list_metrics(context)}
    return page(request, context, "catalog/duplicates.html", found=duplicates(context), labels=labels)
