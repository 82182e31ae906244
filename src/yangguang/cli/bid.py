"""`yangguang bid …`: the bidder's tool (投标工具). It needs no server, no network and no database."""

import json
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from yangguang.cli.bid_agent import agent
from yangguang.cli.bid_files import (
    FILE,
    NEW,
    REFUSED,
    certificate_in,
    new_directory,
    pairs,
    print_refusal,
    refusals,
    require_absent,
    write_secret,
)
from yangguang.cli.bid_keys import OwnKeys, own_key_options
from yangguang.proof.bid_rescue import RescuePlan
from yangguang.proof.certificates import Certificate
from yangguang.proof.envelope import SUITES, SuiteName
from yangguang.proof.inspection import Bid, check_digests, read_bid
from yangguang.proof.key_release import read_joined_keys, read_released_keys, release_keys
from yangguang.proof.manifest import Manifest, Tool, machine_digest, write_moment
from yangguang.proof.opening import OpenedPart, open_part, recover_content_keys, try_opening
from yangguang.proof.seal import BidHeading, seal_bid
from yangguang.proof.share_release import Identity, release_shares
from yangguang.proof.tarfiles import PartFile
from yangguang.trading.terms import parse_terms


@click.group()
def command() -> None:
    """投标工具：制作、加密、签名、查看投标文件。

    全部在本机完成，不联网（agent 只答复本机的浏览器）。文件格式公开，见 docs/bid-format.md。
    """


command.add_command(agent)


@command.command()
@click.option("--tender", required=True, help="交易标识码。")
@click.option("--lot", required=True, help="标段（包）编号。")
@click.option(
    "--part",
    "parts",
    callback=pairs,
    multiple=True,
    required=True,
    help="部分=文件,文件…，如 price=price.json；可多次。",
)
@own_key_options("签名")
@click.option(
    "--encrypt-to",
    type=FILE,
    multiple=True,
    help="加密证书；不给则用自己的加密证书，没有则用签名证书。可多次，任一张都能解密。",
)
@click.option("--suite", type=click.Choice(tuple(SUITES)), help="算法套件；不给则随加密证书：RSA 为 INTL，SM2 为 GM。")
@click.option("--feature", "features", callback=pairs, multiple=True, help="机器特征=值，只以加盐摘要写入；可多次。")
@click.option(
    "--trustee", "trustees", callback=pairs, multiple=True, help="受托人=证书，招标文件载明解密救援时才用；可多次。"
)
@click.option("--threshold", type=int, help="几个受托人一起才能解密。")
@click.option("--terms", type=FILE, help="招标文件的结构化条款（JSON）：载明解密救援的，按其受托人和门限制作。")
@click.option("-o", "--output", type=NEW, required=True, help="生成的投标文件（*.ygb）。")
def seal(
    *,
    tender: str,
    lot: str,
    parts: list[tuple[str, str]],
    own: OwnKeys,
    encrypt_to: tuple[Path, ...],
    suite: SuiteName | None,
    features: list[tuple[str, str]],
    trustees: list[tuple[str, str]],
    threshold: int | None,
    terms: Path | None,
    output: Path,
) -> None:
    """制作投标文件：分部分加密，签名，生成一个 *.ygb 文件。"""
    now = datetime.now(UTC)
    with refusals():
        require_absent(output)
        signer = own.signs()
        manifest = seal_bid(
            destination=output,
            heading=BidHeading(
                tender=tender,
                lot=lot,
                created_at=now,
                tool=Tool(name="yangguang bid", version=_version()),
                machine={name: machine_digest(tender=tender, feature=name, value=text) for name, text in features},
            ),
            parts=_parts(parts),
            key=signer.key,
            certificate=signer.certificate,
            recipients=[certificate_in(path) for path in encrypt_to] or [own.opens().certificate],
            suite=suite,
            rescue=_rescue(trustees, threshold, terms),
        )
    _show(manifest)
    _warn_of_validity(signer.certificate, now)
    click.echo(f"已生成 {output}（{output.stat().st_size:,} 字节）。递交前请用 bid trial 试解密，并保管好私钥。")


@command.command()
@click.argument("file", type=FILE)
@click.option("--tender", help="核对是否属于这个交易标识码。")
@click.option("--lot", help="核对是否属于这个标段（包）。")
def inspect(*, file: Path, tender: str | None, lot: str | None) -> None:
    """不用密钥查验投标文件：完整、未改动、已加密、签名有效。"""
    with refusals():
        bid = read_bid(file)
        bid.require_for(tender=tender or bid.manifest.tender, lot=lot or bid.manifest.lot)
        check_digests(bid)
    _show(bid.manifest)
    certificate = bid.signature.certificate
    click.echo(f"签名证书  {certificate.subject}，序列号 {certificate.serial_number}，颁发者 {certificate.issuer}")
    click.echo("查验通过：文件完整、未改动、已加密，签名与清单相符。证书是否受信任由交易平台核验。")


@command.command()
@click.argument("file", type=FILE)
@own_key_options("解密")
def trial(*, file: Path, own: OwnKeys) -> None:
    """试解密：用今天的证书能否解开每个部分。不留下任何内容。"""
    with refusals():
        opens = own.opens()
        trials = try_opening(bid=read_bid(file), key=opens.key, certificate=opens.certificate)
    for one in trials:
        click.echo(f"{one.part}  {_files_line(one.opened) if one.opened else '不能解密'}")
    for refusal in dict.fromkeys(one.refusal for one in trials if one.refusal):
        print_refusal(refusal)
    if any(one.refusal for one in trials):
        sys.exit(REFUSED)
    click.echo("试解密通过：全部部分都能用这张证书解密。")


@command.command()
@click.argument("file", type=FILE)
@own_key_options("解密")
@click.option("--signing-key", type=FILE, help="签名私钥（PEM）或证书文件（.p12）；不给则用 --key 的。")
@click.option("--signing-certificate", type=FILE, help="签名证书；与签名私钥一起给出。")
@click.option("--part", "wanted", multiple=True, help="只交出这一部分的密钥；可多次，不给则为全部。")
@click.option("-o", "--output", type=NEW, required=True, help="生成的解密密钥文件（JSON）。")
def keys(
    *,
    file: Path,
    own: OwnKeys,
    signing_key: Path | None,
    signing_certificate: Path | None,
    wanted: tuple[str, ...],
    output: Path,
) -> None:
    """生成解密时段交出的内容密钥（签名）。私钥不离开本机；持有此文件者可以解密，请勿提前交出。"""
    now = datetime.now(UTC)
    with refusals():
        require_absent(output)
        bid, opens, signs = read_bid(file), own.opens(), _signs(own, signing_key, signing_certificate)
        for name in wanted:
            bid.manifest.part(name)
        recovered = recover_content_keys(bid=bid, key=opens.key, certificate=opens.certificate)
        data = release_keys(
            bid=bid,
            content_keys={name: secret for name, secret in recovered.items() if not wanted or name in wanted},
            key=signs.key,
            certificate=signs.certificate,
            at=now,
        )
        read_released_keys(bid=bid, data=data)
        write_secret(output, data)
    click.echo(f"已生成 {output}。请只在解密时段内交给交易平台。")


@command.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
@own_key_options("解密")
@click.option("--signing-key", type=FILE, help="签名私钥（PEM）或证书文件（.p12）；不给则用 --key 的。")
@click.option("--signing-certificate", type=FILE, help="签名证书；与签名私钥一起给出。")
@click.option("-o", "--output", type=NEW, required=True, help="生成的解密份额文件（JSON）。")
def share(
    *,
    files: tuple[Path, ...],
    own: OwnKeys,
    signing_key: Path | None,
    signing_certificate: Path | None,
    output: Path,
) -> None:
    """解密救援受托人用：生成一家投标人全部密封文件（投标文件、保证金凭证）的解密份额（签名）。

    只在该投标人申请解密救援之后、解密时段内交给交易平台；请勿提前交出，也不要交给别人。
    """
    now = datetime.now(UTC)
    with refusals():
        require_absent(output)
        bids, opens = [read_bid(file) for file in files], own.opens()
        signs = _signs(own, signing_key, signing_certificate)
        write_secret(output, release_shares(bids=bids, opens=opens, signs=signs, at=now))
    for bid in bids:
        _show(bid.manifest)
    click.echo(f"已生成 {output}。请只在投标人申请解密救援后交给交易平台。")


@command.command("open")
@click.argument("file", type=FILE)
@own_key_options("解密")
@click.option("--keys", "released", type=FILE, help="交出的解密密钥文件（含救援份额合成的），代替私钥和证书。")
@click.option("-o", "--output", type=NEW, required=True, help="存放各部分文件的新目录。")
def open_bid(
    *,
    file: Path,
    own: OwnKeys,
    released: Path | None,
    output: Path,
) -> None:
    """解密投标文件：整个部分核验无误之后才写出文件。"""
    with refusals():
        bid = read_bid(file)
        if released:
            data = released.read_bytes()
            read_keys = read_joined_keys if data.startswith(b'{"joined":') else read_released_keys
            content_keys = read_keys(bid=bid, data=data)
        else:
            content_keys = _recovered(bid, own)
        with new_directory(output):
            opened = [
                open_part(bid=bid, part=part, content_key=secret, destination=output / part)
                for part, secret in content_keys.items()
            ]
    for one in opened:
        click.echo(f"{one.part}  {_files_line(one)}")
    click.echo(f"已解密到 {output}。")


def _version() -> str:
    try:
        return version("yangguang")
    except PackageNotFoundError:
        return "源码"  # run from a checkout that was never installed


def _parts(given: list[tuple[str, str]]) -> dict[str, list[PartFile]]:
    parts: dict[str, list[PartFile]] = {}
    for name, files in given:
        paths = [Path(file) for file in files.split(",") if file]
        parts.setdefault(name, []).extend(PartFile(path.name, path) for path in paths)
    return parts


def _rescue(trustees: list[tuple[str, str]], threshold: int | None, terms: Path | None) -> RescuePlan | None:
    if terms is not None and (trustees or threshold is not None):
        raise ValueError("--terms 已载明受托人，不要再给 --trustee 和 --threshold")
    if terms is not None:
        return parse_terms(json.loads(terms.read_bytes())).rescue
    if bool(trustees) != (threshold is not None):
        raise ValueError("--trustee 与 --threshold 须一起给出")
    if threshold is None:
        return None
    return RescuePlan(threshold=threshold, trustees={name: certificate_in(Path(path)) for name, path in trustees})


def _recovered(bid: Bid, own: OwnKeys) -> dict[str, bytes]:
    if not (own.key or own.provider):
        raise click.UsageError("请给出 --key（PEM 私钥另给 --certificate），或给出 --keys。")
    opens = own.opens()
    return recover_content_keys(bid=bid, key=opens.key, certificate=opens.certificate)


def _signs(own: OwnKeys, key: Path | None, certificate: Path | None) -> Identity:
    """The pair that signs: named by itself, else that of the bidder's own keys."""
    if key is None and certificate is None:
        return own.signs()
    return OwnKeys(key or own.key, certificate, own.password_file).signs()


def _show(manifest: Manifest) -> None:
    click.echo(f"交易标识码  {manifest.tender}，标段（包）  {manifest.lot}")
    click.echo(f"投标人  {manifest.bidder}，算法套件  {manifest.suite}")
    click.echo(f"制作  {write_moment(manifest.created_at)}，{manifest.tool.name} {manifest.tool.version}")
    for part in manifest.parts:
        click.echo(f"部分 {part.name}  {part.size:,} 字节  SHA-256 {part.sha256}")
    if manifest.rescue:
        names = "、".join(one.name for one in manifest.rescue.trustees)
        click.echo(f"解密救援  {names} 中任意 {manifest.rescue.threshold} 方一起可以解密")


def _files_line(opened: OpenedPart) -> str:
    return "、".join(f"{file.name}（{file.size:,} 字节）" for file in opened.files) or "没有文件"


def _warn_of_validity(certificate: Certificate, now: datetime) -> None:
    if not certificate.not_before <= now <= certificate.not_after:
        period = f"{certificate.not_before:%Y-%m-%d} 至 {certificate.not_after:%Y-%m-%d}"
        click.echo(f"注意：签名证书的有效期为 {period}，现在无效。", err=True)
