"""Archives for tests: a small real one, copies of it, forgeries signed with the platform's own keys, both verifiers."""

import contextlib
import importlib.util
import io
import json
import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from support.emptying import empty_database
from support.stages import trade_at
from yangguang.proof import merkle, notes
from yangguang.proof.canonical import canonical
from yangguang.trading.archive import export_archive
from yangguang.trading.stages import Stage
from yangguang.trading.verification import verify_archive
from yangguang.witness.archive import write_json, write_tags
from yangguang.witness.platform import platform
from yangguang.witness.record import concealed_digest

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 4, 16, 1, 0, tzinfo=UTC)
TREES = ("sha256", "sm3")


@cache
def small_archive(point=Stage.ARCHIVED, act=None):
    """The archive of the smallest whole trade; the database is empty before and after. Copies of it may be changed."""
    scene = trade_at(point)
    if act is not None:
        act(scene)
    folder = Path(tempfile.mkdtemp(prefix="yangguang-archive-")) / "archive"
    made = export_archive(trade=scene.trade, destination=folder, at=AT)
    empty_database()
    return made


def copy_of(archive, folder):
    return Path(shutil.copytree(archive, folder / "copy"))


@cache
def stand_alone():
    spec = importlib.util.spec_from_file_location("stand_alone_verifier", ROOT / "verifier/verify.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def problems_found_alone(archive, *keys):
    """What `verifier/verify.py` prints as wrong; its exit code must say the same."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        code = stand_alone().main(str(archive), *keys)
    problems = [line[2:] for line in printed.getvalue().splitlines() if line.startswith("✗ ")]
    assert code == (1 if problems else 0)
    return problems


def problems_found_by_both(archive):
    return verify_archive(archive).problems, problems_found_alone(archive)


def rewrite(archive, member, change):
    """Change a JSON member in place."""
    path = archive / member
    value = json.loads(path.read_bytes())
    write_json(path, change(value) or value)


def sign_again(archive):
    """Make the folder whole again as its platform could: new manifests, new signature."""
    for tag in archive.glob("*.*"):
        tag.unlink()
    write_tags(archive, at=AT, title="forged")


def forge(archive, *, entries=None, sealed=None, opened=None, close=True):
    """Write the log anew, as a platform that owns all keys could, after changing entries and what is opened.

    `entries` and `sealed` get the list of payloads (number 0 is the registration), `opened` the opened texts. Chains,
    digests of concealed texts, the sealed root, the trees, proofs and checkpoints follow.
    """
    log = archive / "data/log"
    public, hidden = _read(log / "entries"), _read(log / "sealed")
    told = json.loads((log / "opened.json").read_bytes())
    for change, value in ((entries, public), (sealed, hidden), (opened, told)):
        if change is not None:
            change(value)
    for one in told["concealed"]:
        public[one["sequence"]]["data"]["concealed"] = concealed_digest(salt=one["salt"], text=one["text"])
    sealed_bytes = _chain(hidden, previous="")
    if close:
        _publish_root(public, sealed_bytes)
    first = canonical(public[0])
    public_bytes = [first, *_chain(public[1:], previous=merkle.leaf_hash(first).hex())]
    _write(log / "entries", public_bytes, start=0)
    _write(log / "sealed", sealed_bytes, start=1)
    write_json(log / "opened.json", told)
    _write_trees(log, public_bytes)
    if sealed is not None:
        shutil.rmtree(archive / "data/receipts", ignore_errors=True)
    sign_again(archive)


def _read(folder):
    return [json.loads(path.read_bytes()) for path in sorted(folder.glob("*"))]


def _write(folder, contents, *, start):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for number, content in enumerate(contents, start=start):
        (folder / f"{number:06d}.json").write_bytes(content)


def _chain(payloads, *, previous):
    contents = []
    for number, payload in enumerate(payloads, start=1):
        payload |= {"previous": previous, "sequence": number}
        contents.append(canonical(payload))
        previous = merkle.leaf_hash(contents[-1]).hex()
    return contents


def _publish_root(payloads, sealed):
    for payload in payloads:
        if payload["act"] == "close_bidding":
            roots = {
                name: merkle.root_of((merkle.leaf_hash(one, algorithm=name) for one in sealed), algorithm=name).hex()
                for name in TREES
            }
            payload["data"]["sealed"] = {"size": len(sealed), **roots}


def _write_trees(log, contents):
    nodes = {name: {} for name in TREES}
    for name in TREES:
        frontier = merkle.Frontier(algorithm=name)
        for content in contents:
            for node in frontier.append(merkle.leaf_hash(content, algorithm=name)):
                nodes[name][node.level, node.index] = node.hash
    hash_at = {name: lambda level, index, name=name: nodes[name][level, index] for name in TREES}
    size = len(contents)
    sizes = sorted({1, size // 2, size})
    shutil.rmtree(log / "checkpoints")
    (log / "checkpoints").mkdir()
    for one in sizes:
        (log / f"checkpoints/{one:012d}.txt").write_bytes(_checkpoint(one, hash_at))
    (log / "checkpoint.txt").write_bytes(_checkpoint(size, hash_at))
    proofs = {
        "size": size,
        "entries": [{"number": i, "index": i, **_paths(hash_at, size, index=i)} for i in range(size)],
        "checkpoints": [{"size": one, **_paths(hash_at, size, old=one)} for one in sizes],
    }
    write_json(log / "proofs.json", proofs)


def _checkpoint(size, hash_at):
    roots = {name: merkle.root_at(size=size, hash_at=hash_at[name], algorithm=name) for name in TREES}
    extension = notes.sm3_extension(roots["sm3"])
    text = notes.Checkpoint(origin=platform().origin, size=size, root=roots["sha256"], extensions=(extension,)).text()
    return notes.sign_note(text=text, signers=platform().signers())


def _paths(hash_at, size, *, index=None, old=None):
    paths = {}
    for name in TREES:
        tree = {"hash_at": hash_at[name], "algorithm": name}
        if old is None:
            hashes = merkle.inclusion_proof(index=index, size=size, **tree)
        else:
            hashes = merkle.consistency_proof(old_size=old, new_size=size, **tree)
        paths[name] = [one.hex() for one in hashes]
    return paths
