"""`yangguang log`: the witness log from the command line."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from yangguang.cli import django_ready


@click.group()
def command() -> None:
    """查看见证日志：检查点、记录及其证明；为别人的日志会签检查点。"""


@command.command()
def checkpoint() -> None:
    """打印最新检查点（签名的日志状态）。"""
    django_ready()
    from yangguang.witness.log import latest_checkpoint

    newest = latest_checkpoint()
    if newest is None:
        raise click.ClickException("日志还没有记录。")
    click.echo(newest.note, nl=False)


@command.command()
def keys() -> None:
    """打印核验检查点和回执所用的公钥。"""
    django_ready()
    from yangguang.witness.platform import platform

    for key in platform().verifier_keys():
        click.echo(key)


@command.command()
@click.argument("stream")
def show(stream: str) -> None:
    """按顺序打印一个项目的全部公开见证记录（每行一条 JSON）。"""
    django_ready()
    from yangguang.witness.models import Entry

    payloads = list(Entry.objects.filter(stream=stream).order_by("sequence").values_list("payload", flat=True))
    if not payloads:
        raise click.ClickException(f"没有 {stream} 的见证记录。")
    for payload in payloads:
        click.echo(payload)


@command.command()
@click.argument("index", type=int)
def prove(index: int) -> None:
    """打印第 INDEX 号记录在最新检查点中的存在证明（JSON）。"""
    django_ready()
    from yangguang.witness.log import inclusion, latest_checkpoint
    from yangguang.witness.models import Leaf

    newest = latest_checkpoint()
    if newest is None or not 0 <= index < newest.size:
        raise click.ClickException(f"最新检查点不包含第 {index} 号记录。")
    entry = Leaf.objects.select_related("entry").get(index=index).entry
    proof = inclusion(index=index, size=newest.size)
    facts = {"index": index, "leaf": entry.leaf_hash, "proof": proof, "checkpoint": newest.note, "entry": entry.payload}
    click.echo(json.dumps(facts, ensure_ascii=False))


@command.command()
@click.argument("note", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--log-key", "log_keys", multiple=True, required=True, help="日志的公钥，可多次给出")
@click.option("--name", required=True, help="会签人的名称")
@click.option("--key", "key_file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def cosign(note: Path, log_keys: tuple[str, ...], name: str, key_file: Path) -> None:
    """核对检查点的签名后附上会签（见证人：监督部门、另一中心、公证处）。"""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from yangguang.proof import notes
    from yangguang.proof.log_keys import read_verifier_key

    key = load_pem_private_key(key_file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise click.ClickException("会签密钥应为 Ed25519 私钥（PEM）。")
    text = note.read_bytes()
    try:
        notes.open_note(note=text, verifiers=[read_verifier_key(one) for one in log_keys])
    except notes.BadNote as bad:
        raise click.ClickException(f"检查点的签名不成立，未会签：{bad}") from bad
    moment = int(datetime.now(tz=UTC).timestamp())
    signed = notes.add_signatures(note=text, signers=[notes.cosigner(name=name, key=key, time=moment)])
    click.echo(signed.decode(), nl=False)
