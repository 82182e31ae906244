"""The command line: `yangguang …`.

Each command is a module of this package that is read only when its command is called, so that `yangguang --help`
answers at once and the commands that need no database never load Django.
"""

import os
from functools import cache
from importlib import import_module
from importlib.util import find_spec

import click

COMMANDS: dict[str, str] = {
    "demo": "yangguang.cli.demo:command",
    "serve": "yangguang.cli.serve:command",
    "clock": "yangguang.cli.clock:command",
    "bid": "yangguang.cli.bid:command",
    "score": "yangguang.cli.score:command",
    "verify": "yangguang.cli.verify:command",
    "replay": "yangguang.cli.replay:command",
    "log": "yangguang.cli.log:command",
    "report": "yangguang.cli.report:command",
    "metric": "yangguang.cli.metric:command",
    "burden": "yangguang.cli.burden:command",
    "ledger": "yangguang.cli.ledger:command",
    "systems": "yangguang.cli.systems:command",
    "setup": "yangguang.cli.setup:command",
}
SUMMARIES: dict[str, str] = {
    "demo": "演示：一个工程招标项目从登记走到可核验的归档",
    "serve": "启动网页服务",
    "clock": "执行到期的事项",
    "bid": "投标工具：制作、加密、签名、查看投标文件",
    "score": "按计分说明计算得分并给出演算过程",
    "verify": "核验归档或数据库",
    "replay": "用历史数据重放整条流程",
    "log": "查看见证日志及其证明",
    "report": "由记录生成总结、汇报等材料，检查任何一份材料",
    "metric": "指标字典：数字的定义和它的记录",
    "burden": "填报负担：每人每月填了多少项，报告中的数有多少由记录得出",
    "ledger": "台账：模板、导入、导出",
    "systems": "85个业务系统：状态、页面和证明它的测试",
    "setup": "建立或更新数据库",
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click asks for it
        """The commands whose module is there, in the order of the table."""
        return [name for name, target in COMMANDS.items() if find_spec(target.partition(":")[0])]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called `cmd_name`, or None when there is no such command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `--help`, from the table: no command is imported for it."""
        rows = [(name, SUMMARIES[name]) for name in self.list_commands(ctx)]
        if not rows:
            return
        with formatter.section("命令"):
            formatter.write_dl(rows)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="yangguang", message="阳光交易 %(version)s")
def main() -> None:
    """阳光交易：公共资源交易中心的业务系统。每一步都有见证，人人可以核验。"""


@cache
def django_ready() -> None:
    """Load Django once, for the commands that work on the records."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yangguang.settings")
    django.setup()
