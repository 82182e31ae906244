"""`yangguang bid agent`: start the helper, until Ctrl-C."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import click

from yangguang.cli.agent.keyring import Keyring, keyring_from_files, keyring_from_provider
from yangguang.cli.agent.server import AgentServer
from yangguang.cli.agent.terminal import Terminal
from yangguang.cli.agent.work import Desk
from yangguang.cli.bid_files import FILE, refusals, stop
from yangguang.cli.bid_keys import asker
from yangguang.web.helper import PORTS

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def origin_of(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """The origins as browsers write them; a usage error for anything but https (http on this machine only)."""
    return tuple(_origin(one, ctx, param) for one in given)


@click.command()
@click.option(
    "--origin",
    "origins",
    multiple=True,
    required=True,
    callback=origin_of,
    help="中心交易平台的网址，如 https://jy.example.gov.cn；只为这些网址服务，可多次。",
)
@click.option("--key", "keys", type=FILE, multiple=True, help="证书文件（.p12、.pfx，含双证书）或 PEM 私钥；可多次。")
@click.option("--certificate", "certificates", type=FILE, multiple=True, help="PEM 私钥的证书（PEM 或 DER）；可多次。")
@click.option("--provider", help="密钥不在文件里时：密钥提供程序 模块:函数，见 docs/bid-agent.md。")
@click.option("--password-file", type=FILE, help="证书文件密码所在的文件；不给则在需要时询问。")
@click.option("--port", type=click.IntRange(PORTS.start, PORTS.stop - 1), help="监听端口；不给则取其中第一个空闲的。")
@click.option("--yes", is_flag=True, help="不在终端询问，一律同意（签名和交出密钥都不再确认，只用于无人值守）。")
def agent(
    *,
    origins: tuple[str, ...],
    keys: tuple[Path, ...],
    certificates: tuple[Path, ...],
    provider: str | None,
    password_file: Path | None,
    port: int | None,
    yes: bool,
) -> None:
    """投标助手：在本机为网页签名、登录、试解密、交出解密密钥，私钥和密码不进入浏览器。

    只监听 127.0.0.1，只答复 --origin 写明的网址。启动后在网页上选择“投标助手”，输入这里显示的配对码；
    网页每次请求签名，这里都显示签的是什么，输入 y 才签。旧的 3DES、RC2 证书文件也能打开。Ctrl-C 停止。
    """
    terminal = Terminal(is_asking=not yes)
    with refusals():
        keyring = _keyring(keys, certificates, provider, asker(password_file))
    _introduce(keyring, origins)
    desk = Desk(keyring=keyring, terminal=terminal)
    for number in (signal.SIGINT, signal.SIGTERM):  # what a shell starts in the background would not hear of Ctrl-C
        signal.signal(number, signal.default_int_handler)
    try:
        with _listening(desk, origins, port) as server:
            sys.stdout.flush()
            server.serve_forever()
    except KeyboardInterrupt:
        click.echo("投标助手已停止。")


def _keyring(
    keys: tuple[Path, ...], certificates: tuple[Path, ...], provider: str | None, ask: Callable[[str], str]
) -> Keyring:
    if bool(keys) == bool(provider):
        raise click.UsageError("请用 --key 给出证书文件，或者用 --provider 给出密钥提供程序（二选一）。")
    return keyring_from_provider(provider, ask) if provider else keyring_from_files(keys, certificates, ask)


def _introduce(keyring: Keyring, origins: tuple[str, ...]) -> None:
    signer, opens = keyring.signs.certificate, keyring.opens
    click.echo(f"投标助手已启动，为 {'、'.join(origins)} 服务（Ctrl-C 停止）。")
    click.echo(f"签名证书：{signer.organisation_name or signer.common_name}，有效期至 {signer.not_after:%Y-%m-%d}")
    click.echo(
        f"解密证书：{f'有效期至 {opens.certificate.not_after:%Y-%m-%d}' if opens else '没有（不能试解密和解密）'}"
    )


def _listening(desk: Desk, origins: tuple[str, ...], port: int | None) -> AgentServer:
    for one in [port] if port else PORTS:
        try:
            return AgentServer(desk=desk, origins=origins, port=one)
        except OSError:
            continue
    return stop(f"端口 {port or f'{PORTS.start} 至 {PORTS.stop - 1}'} 已被占用，请先停止其他投标助手。")


def _origin(text: str, ctx: click.Context, param: click.Parameter) -> str:
    parts = urlsplit(text.strip().lower().rstrip("/"))
    plain = not (parts.path or parts.query or parts.fragment or parts.username)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not (plain and secure and parts.hostname):
        raise click.BadParameter(f"{text!r} 应写成 https://域名，不带路径", ctx=ctx, param=param)
    standard = {"https": 443, "http": 80}[parts.scheme]
    port = "" if parts.port in (None, standard) else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}"
