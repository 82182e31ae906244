"""`yangguang serve`: the web tier on the embedded server."""

import click

from yangguang.cli import django_ready


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址")
@click.option("--port", default=8000, show_default=True, help="监听端口")
def command(*, host: str, port: int) -> None:
    """启动网页服务：目前提供公开见证日志（检查点、哈希片、记录包）。"""
    django_ready()
    import uvicorn

    uvicorn.run("yangguang.web.asgi:application", host=host, port=port, log_level="warning")
