"""The witness log for readers (见证日志): checkpoint in words, entries by index, proofs shown and to be downloaded."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from yangguang.proof import merkle, notes
from yangguang.trading.models import Trade
from yangguang.web.portal.english import is_english
from yangguang.web.portal.sentences import sentence
from yangguang.witness.entries import payload_of
from yangguang.witness.log import ALGORITHMS, consistency, inclusion, latest_checkpoint, node_readers
from yangguang.witness.models import Leaf
from yangguang.witness.platform import platform

PAGE_SIZE = 20
Proof = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One entry of the log: its leaf, the sentence, and the trade it belongs to, if it is one's."""

    leaf: Leaf
    words: str
    trade: Trade | None


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint in words and the newest entries; `?before=` leads to older ones."""
    newest = latest_checkpoint()
    if newest is None:
        return render(request, "portal/log.html", {})
    before = min(_size(request, "before") or newest.size, newest.size)
    leaves = list(Leaf.objects.filter(index__lt=before).select_related("entry").order_by("-index")[:PAGE_SIZE])
    opened = notes.open_checkpoint(
        note=newest.note.encode(), origin=platform().origin, verifiers=platform().verifiers()
    )
    context = {
        "checkpoint": newest,
        "root": opened[0].root.hex(),
        "sm3_root": (opened[0].sm3_root or b"").hex(),
        "keys": platform().verifier_keys(),
        "origin": platform().origin,
        "lines": _lines(leaves, english=is_english(request)),
        "older": leaves[-1].index if leaves and leaves[-1].index else None,
    }
    return render(request, "portal/log.html", context)


@require_safe
def entry(request: HttpRequest, index: int) -> HttpResponse:
    """One entry of the log with its inclusion proof; `?format=json` is the proof as a file."""
    proof = inclusion_of(index, size=_size(request, "size"))
    if request.GET.get("format") == "json":
        return _download(proof, f"inclusion-{index}.json")
    leaf = get_object_or_404(Leaf.objects.select_related("entry"), index=index)
    line = _lines([leaf], english=is_english(request))[0]
    return render(request, "portal/log_entry.html", {"line": line, "proof": proof})


@require_safe
def jump(request: HttpRequest) -> HttpResponse:
    """To the entry whose number was typed."""
    index = _size(request, "index")
    if index is None:
        raise Http404
    return redirect("en:log-entry" if is_english(request) else "log-entry", index=index)


@require_safe
def growth(request: HttpRequest) -> HttpResponse:
    """That the log of `new` leaves continues the one of `old`; `?format=json` is the proof as a file."""
    newest = latest_checkpoint()
    old, new = _size(request, "old"), _size(request, "new")
    new = newest.size if newest and new is None else new
    if newest is None or old is None or new is None or not 0 < old <= new <= newest.size:
        return render(request, "portal/log_growth.html", {"checkpoint": newest}, status=400 if request.GET else 200)
    proof = consistency_of(old, new)
    if request.GET.get("format") == "json":
        return _download(proof, f"consistency-{old}-{new}.json")
    return render(request, "portal/log_growth.html", {"checkpoint": newest, "proof": proof, "old": old, "new": new})


def inclusion_of(index: int, *, size: int | None = None) -> Proof:
    """The proof that a leaf is in the first `size` leaves, by both trees. Raises Http404 beyond the signed log."""
    newest = latest_checkpoint()
    size = size or (newest.size if newest else 0)
    if newest is None or not 0 <= index < size <= newest.size:
        raise Http404
    found = get_object_or_404(Leaf.objects.select_related("entry"), index=index).entry
    leaves = {"sha256": found.leaf_hash, "sm3": found.leaf_hash_sm3}
    readers = node_readers()
    trees = {
        name: {
            "leaf": leaves[name],
            "root": merkle.root_at(size=size, hash_at=readers[name], algorithm=name).hex(),
            "path": merkle_path(index=index, size=size, name=name, readers=readers),
        }
        for name in ALGORITHMS
    }
    signed = {"checkpoint": newest.note} if size == newest.size else {}
    return {"index": index, "size": size, "entry": found.payload, **trees, **signed}


def merkle_path(*, index: int, size: int, name: str, readers: dict[str, merkle.HashAt]) -> list[str]:
    """The inclusion path by one of the trees."""
    if name == "sha256":
        return inclusion(index=index, size=size, hash_at=readers[name])
    path = merkle.inclusion_proof(index=index, size=size, hash_at=readers[name], algorithm=name)
    return [step.hex() for step in path]


def consistency_of(old: int, new: int) -> Proof:
    """The proof that the longer log only continues the shorter one, by SHA-256."""
    reader = node_readers()["sha256"]
    roots = {size: merkle.root_at(size=size, hash_at=reader).hex() for size in (old, new)}
    path = consistency(old_size=old, new_size=new, hash_at=reader)
    return {"old_size": old, "new_size": new, "old_root": roots[old], "new_root": roots[new], "path": path}


def _lines(leaves: list[Leaf], *, english: bool) -> list[LogLine]:
    streams = {leaf.entry.stream for leaf in leaves}
    trades = {one.stream: one for one in Trade.objects.filter(stream__in=streams).select_related("tender")}
    return [
        LogLine(leaf=leaf, words=sentence(payload_of(leaf.entry), english=english), trade=trades.get(leaf.entry.stream))
        for leaf in leaves
    ]


def _size(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None  # noqa: PLR2004 - of digits


def _download(proof: Proof, name: str) -> HttpResponse:
    response = HttpResponse(json.dumps(proof, ensure_ascii=False, indent=1), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
