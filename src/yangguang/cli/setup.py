"""`yangguang setup`: make or update the database."""

import click

from yangguang.cli import django_ready


@click.command()
def command() -> None:
    """建立或更新数据库（可重复执行）。"""
    django_ready()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    click.echo("数据库已就绪。")
