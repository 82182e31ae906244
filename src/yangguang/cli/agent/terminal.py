"""What the helper says to the person at the machine, and what it asks. Nothing secret is ever shown."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

import click


class Terminal:
    """The window that the program was started in; `is_asking` is off with `--yes`."""

    def __init__(self, *, is_asking: bool = True) -> None:
        self._is_asking = is_asking

    def tell(self, text: str) -> None:
        """One line, with the time."""
        click.echo(f"[{datetime.now().astimezone():%H:%M:%S}] {text}")

    def tell_code(self, code: str) -> None:
        """A pairing code, to be typed in the page."""
        click.secho(f"配对码：{code}（在网页的“投标助手”处输入；只能用一次，用后会显示新的）", bold=True)

    def consents(self, question: str, shown: Sequence[str]) -> bool:
        """Whether the person agrees to what is shown. What was typed before the question is no answer."""
        self.tell(question)
        for line in shown:
            click.echo(f"    {line}")
        if not self._is_asking:
            click.echo("    （--yes：不询问，直接办理）")
            return True
        if not sys.stdin.isatty():
            return _is_agreed("    同意吗？ [y/N]: ")
        _forget_typed()
        try:
            return bool(click.confirm("    同意吗？", default=False))
        except click.Abort:
            return False


def _is_agreed(question: str) -> bool:
    """Ask whoever is not a terminal, past Python's buffer: its lock, held by a question, lets no program end."""
    click.echo(question, nl=False)
    with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as typed:
        return typed.readline().strip().lower() in {b"y", b"yes"}


def _forget_typed() -> None:
    if os.name == "nt":
        import msvcrt  # of Windows only

        while msvcrt.kbhit():  # type: ignore[attr-defined,unused-ignore]
            msvcrt.getwch()  # type: ignore[attr-defined,unused-ignore]
        return
    import termios  # of other systems only

    with suppress(termios.error):
        termios.tcflush(sys.stdin, termios.TCIFLUSH)
