"""下载归档包: the archive holds whole bids, so it is handed to the parties who answer for the trade, not to everybody.

Whoever gets it from them can check it without us; what anybody may read of an ended trade stands on its portal page.
"""

from django.http import FileResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yangguang.web.access import DRAWING
from yangguang.web.accounts.requests import Request
from yangguang.web.archiving.packing import packed_archive
from yangguang.web.trades import trade_for


@never_cache
@require_safe
def archive(request: Request, stream: str) -> FileResponse:
    """The zip file; refused while the trade runs."""
    trade = trade_for(request, stream, roles=DRAWING)
    content = packed_archive(trade, at=request.at).open("rb")
    return FileResponse(content, as_attachment=True, filename=f"{stream}.zip", content_type="application/zip")
