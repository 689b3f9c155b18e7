"""A file that belongs to an appeal, for whoever may see the appeal."""

from fastapi import APIRouter
from fastapi.responses import Response

from tiffin.capabilities.cases.domain.media import file_name
from tiffin.capabilities.liability.service.appeal_showing import evidence_file
from tiffin.web.edge import ContextDep

router = APIRouter(include_in_schema=False)

SEALED_OFF = "default-src 'none'; style-src 'none'; sandbox"
"""What a file may do in the reader's browser: nothing."""


@router.get("/liability/appeals/{case_id}/evidence/{evidence_id}")
def show_evidence(context: ContextDep, case_id: int, evidence_id: int) -> Response:
    """Show a file of an appeal, of a redacted one the copy; that it was shown is told on the trail."""
    found, content = evidence_file(context, case_id, evidence_id)
    headers = {
        "Content-Security-Policy": SEALED_OFF,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Content-Disposition": f'inline; filename="{file_name(found.evidence_id, found.media_type)}"',
    }
    kind = f"{found.media_type}; charset=utf-8" if found.media_type.startswith("text/") else found.media_type
    return Response(content, headers=headers, media_type=kind)
