"""The public log over HTTP (公开见证日志): checkpoint, tiles and entry bundles, as C2SP tlog-tiles lays them out."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yangguang.proof.tiles import BadTile, TileName, build_tile, encode_entries, parse_tile_path
from yangguang.witness.log import latest_checkpoint, node_reader
from yangguang.witness.models import Leaf
from yangguang.witness.platform import platform

TILE_WIDTH = 256
FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=1"


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the shape of a view
    """The newest signed checkpoint (检查点); 404 before the first entry."""
    newest = latest_checkpoint()
    if newest is None:
        raise Http404("日志还没有记录")
    return HttpResponse(newest.note, content_type="text/plain; charset=utf-8", headers={"Cache-Control": BRIEFLY})


@require_safe
def log_keys(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the shape of a view
    """The keys that check checkpoints and receipts, one a line."""
    text = "".join(f"{key}\n" for key in platform().verifier_keys())
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": BRIEFLY})


@require_safe
def tile(request: HttpRequest, path: str) -> HttpResponse:  # noqa: ARG001 - the shape of a view
    """One tile of hashes or one bundle of entries; 404 for what the signed log does not reach yet."""
    try:
        name = parse_tile_path(path)
    except BadTile as bad:
        raise Http404(str(bad)) from bad
    newest = latest_checkpoint()
    if newest is None or _leaves_under(name) > newest.size:
        raise Http404("日志还没有这么多记录")
    body = _entries(name) if name.level is None else build_tile(name=name, hash_at=node_reader(block=TILE_WIDTH))
    return HttpResponse(body, content_type="application/octet-stream", headers={"Cache-Control": FOREVER})


def _leaves_under(name: TileName) -> int:
    """How many leaves the log needs for every hash of this tile to be there."""
    return (name.index * TILE_WIDTH + name.width) << (8 * (name.level or 0))


def _entries(name: TileName) -> bytes:
    first = name.index * TILE_WIDTH
    leaves = Leaf.objects.filter(index__gte=first, index__lt=first + name.width).order_by("index")
    return encode_entries([payload.encode() for payload in leaves.values_list("entry__payload", flat=True)])
