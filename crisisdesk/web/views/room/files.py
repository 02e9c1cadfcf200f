"""Evidence, served as an attachment to who may see its incident."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from crisisdesk.core.domain.files import read_file
from crisisdesk.incidents.models import Evidence
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.room.frame import room


@login_required
def evidence(request: PersonRequest, reference: str, evidence_id: int) -> HttpResponse:
    """The file under the name it came with; never shown inside the desk's own pages (law 11)."""
    here = room(request, reference)
    row = (
        Evidence.objects.select_related("file")
        .filter(incident=here.incident, pk=evidence_id)
        .first()
    )
    if row is None or row.file is None:
        raise Http404
    response = HttpResponse(read_file(row.file), content_type=row.file.content_type)
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=row.name) or "attachment"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    return response
