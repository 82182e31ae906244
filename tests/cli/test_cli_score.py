"""`yangguang score`: standard input to results and trace, or a message and exit code 2."""

import json

import pytest
from click.testing import CliRunner

from rules.scoring_oracle import differences
from yangguang.cli import main
from yangguang.rules.scoring.families import family_names

REQUEST = {
    "family": "sichuan_supervision",
    "parameters": {"full": "30"},
    "inputs": {"price": {"甲": "91", "乙": "100", "丙": "112"}},
}


def run(*arguments, given=""):
    text = given if isinstance(given, str | bytes) else json.dumps(given, ensure_ascii=False)
    return CliRunner().invoke(main, ["score", *arguments], input=text)


def test_a_family_and_its_inputs_give_a_result_anyone_can_recompute():
    outcome = run(given=REQUEST)
    assert outcome.exit_code == 0, outcome.output
    told = json.loads(outcome.stdout)
    # mean 101; −9.90 % × 0.5 = 4.9505 from 30
    assert told["result"]["total"]["甲"] == "25.05"
    assert told["result"]["ranking"][0] == {"rank": 1, "bids": ["乙"]}
    assert differences(told["description"], told["inputs"], told["result"]) == []


def test_the_printed_description_can_be_handed_in_again():
    told = json.loads(run(given=REQUEST).stdout)
    again = run(given={"description": told["description"], "inputs": told["inputs"]})
    assert json.loads(again.stdout) == told


def test_the_report_is_printed_in_chinese():
    lines = run("--text", given=REQUEST).stdout.splitlines()
    assert lines[0] == "评分办法：四川监理平均值法"
    assert lines[-3:] == ["第 1 名　乙（29.50）", "第 2 名　甲（25.05）", "第 3 名　丙（19.11）"]


def test_the_families_are_listed_and_shown():
    assert [line.split("\t")[0] for line in run("--families").stdout.splitlines()] == list(family_names())
    shown = json.loads(run("--show", "lowest_price").stdout)
    assert shown["description"]["ranking"] == {"total": "price", "order": "lowest", "tie_breaks": []}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "不是可用的 JSON"),
        ("{", "不是可用的 JSON"),
        (b"\xff\xfe", "不是可用的 JSON"),
        ("[" * 100_000, "不是可用的 JSON"),
        ('{"a": "\\ud800"}', "不是可用的 JSON"),
        ('{"family": "lowest_price", "inputs": {"price": {"甲": 1, "甲": 2}}}', "“甲”出现了两次"),
        ('{"family": "lowest_price", "inputs": {"price": {"甲": NaN}}}', "NaN 不是数"),
        ('{"family": "lowest_price", "inputs": {"price": {"甲": 1.5}}}', "带引号的十进制数"),
        ('{"family": "lowest_price", "inputs": {"price": {"甲": %s}}}' % ("9" * 5000), "不是可用的 JSON"),
        ([], "应为一个 JSON 对象"),
        ({}, "description（计分说明）与 family（公式族）"),
        ({**REQUEST, "description": {}}, "description（计分说明）与 family（公式族）"),
        ({**REQUEST, "extra": 1}, "未公布的字段：extra"),
        ({**REQUEST, "inputs": []}, "inputs 应为 JSON 对象"),
        ({"family": "lowest_price"}, "inputs 应为 JSON 对象"),
        ({**REQUEST, "inputs": {}}, "投标报价（price）没有给出"),
        ({**REQUEST, "parameters": []}, "parameters 应为 JSON 对象"),
        ({**REQUEST, "parameters": {"deep": "1"}}, "没有这个参数"),
        ({**REQUEST, "family": "free"}, "没有公布这个公式族"),
        ({**REQUEST, "family": ["free"]}, "没有公布这个公式族"),
        ({"description": {"format": "1"}, "inputs": {}}, "format 应为 yangguang-score/1"),
        ({"description": {}, "parameters": {}, "inputs": {}}, "parameters 只与 family 一起使用"),
    ],
)
def test_bad_input_gives_a_message_and_nothing_else(given, message):
    outcome = run(given=given)
    assert outcome.exit_code == 2
    assert outcome.stdout == ""
    assert message in outcome.stderr


def test_an_unknown_family_cannot_be_shown():
    outcome = run("--show", "free")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
