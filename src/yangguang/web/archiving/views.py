"""下载归档包: the archive holds whole bids, so it is handed to the parties who answer for the trade, not to everybody.

Whoever gets it from them can check it without us; what anybody may read of an ended trade stands on its portal page.
"""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yangguang.trading.models import Trade
from yangguang.web.access import DRAWING
from yangguang.web.accounts.requests import Request
from yangguang.web.acts.offers import holds_a_role
from yangguang.web.archiving.packing import packed_archive


@never_cache
@require_safe
def archive(request: Request, stream: str) -> FileResponse:
    """The zip file; refused while the trade runs."""
    trade = get_object_or_404(Trade.objects.select_related(*Trade.read_along), stream=stream)
    if not holds_a_role(trade, actor=request.actor, roles=frozenset(DRAWING)):
        raise PermissionDenied
    content = packed_archive(trade, at=request.at).open("rb")
    return FileResponse(content, as_attachment=True, filename=f"{stream}.zip", content_type="application/zip")
