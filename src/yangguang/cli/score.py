"""`yangguang score`: run a scoring description read from standard input."""

import json
import sys
from typing import Any, NoReturn

import click

from yangguang.rules.refusal import Refused
from yangguang.rules.scoring import Description, evaluate, trace_lines
from yangguang.rules.scoring.families import build_family, family_names, load_family

FIELDS = ("description", "family", "parameters", "inputs")


@click.command(
    "score",
    help="""按计分说明计算得分并给出演算过程。

    从标准输入读取 JSON：{"description": {…}, "inputs": {…}}，或
    {"family": "公式族", "parameters": {…}, "inputs": {…}}。
    在标准输出给出 JSON：所用的计分说明、输入、逐步演算与排名。格式见 docs/scoring.md。
    """,
)
@click.option("--families", is_flag=True, help="列出公式族。")
@click.option("--show", metavar="公式族", help="给出一个公式族的参数与计分说明，可改后使用。")
@click.option("--text", is_flag=True, help="给出可放入评标报告的中文演算过程，而不是 JSON。")
def score(*, families: bool, show: str | None, text: bool) -> None:
    """Print results and trace; on bad input say why on standard error and exit with 2, printing nothing."""
    try:
        if families:
            lines = [f"{name}\t{load_family(name).title}" for name in family_names()]
        elif show:
            lines = [_shown(show)]
        else:
            lines = _scored(_read(sys.stdin.buffer.read()), text=text)
    except Refused as refused:
        _stop(str(refused))
    click.echo("\n".join(lines))


def _scored(request: dict[str, Any], *, text: bool) -> list[str]:
    description = _description(request)
    inputs = request.get("inputs")
    if not isinstance(inputs, dict):
        _stop("inputs 应为 JSON 对象：每个输入的名称对应其数值。")
    result = evaluate(description=description, inputs=inputs)
    if text:
        return trace_lines(result)
    return [_json({"description": description.to_json(), "inputs": inputs, "result": result.to_json()})]


def _description(request: dict[str, Any]) -> Description:
    unknown = sorted(request.keys() - set(FIELDS))
    if unknown:
        _stop(f"有未公布的字段：{'、'.join(unknown)}。可用：{'、'.join(FIELDS)}。")
    if ("description" in request) == ("family" in request):
        _stop("请在 description（计分说明）与 family（公式族）中给出一个，且只给一个。")
    if "description" in request:
        if "parameters" in request:
            _stop("parameters 只与 family 一起使用。")
        return Description.parse(request["description"])
    parameters = request.get("parameters", {})
    if not isinstance(parameters, dict):
        _stop("parameters 应为 JSON 对象：参数名对应其值。")
    return build_family(name=str(request["family"]), parameters=parameters)


def _shown(name: str) -> str:
    family = load_family(name)
    parameters = {
        key: {"label": parameter.label, "value": parameter.value, "mark": parameter.mark}
        for key, parameter in family.parameters.items()
    }
    return _json(
        {
            "title": family.title,
            "source": family.source,
            "mark": family.mark,
            "note": family.note,
            "parameters": parameters,
            "description": build_family(name=name).to_json(),
        }
    )


def _read(given: bytes) -> dict[str, Any]:
    """The JSON object on standard input; a key given twice (one bid entered twice) is refused, never overwritten."""
    try:
        request = json.loads(given.decode(), object_pairs_hook=_without_repeats, parse_constant=_no_constant)
        _json(request).encode()
    except (ValueError, RecursionError) as error:
        _stop(f"标准输入不是可用的 JSON：{error}")
    if not isinstance(request, dict):
        _stop("标准输入应为一个 JSON 对象。")
    return request


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for key, value in pairs:
        if key in known:
            raise ValueError(f"“{key}”出现了两次")
        known[key] = value
    return known


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} 不是数")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(2)


command = score
