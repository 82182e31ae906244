"""An outline: slots and words, no number typed; a wrong line says which."""

import pytest

from yangguang.reports.dictionary import dictionary
from yangguang.reports.outline_text import FORMS, KNOWN_FORMS, Slot
from yangguang.reports.outlines import OutlineError, outline_named, outlines, read_outline

HEAD = 'code = "900"\nname = "试"\ntitle = "{单位}总结"\n'


def read(body, more=""):
    return read_outline(f"{HEAD}body = '''\n{body}\n'''\n{more}", file="test.toml")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("全年12次", "test.toml 第1行: “12”是手工键入的数字；请改用指标，或者在 sources 中注明出处"),
        ("召开会议\n共十二次", "test.toml 第2行: “十二”是手工键入的数字；请改用指标，或者在 sources 中注明出处"),
        ("{Meeting}次", "test.toml 第1行: 取数位“{Meeting}”应写作 {指标|期间|筛选}"),
        ("{a|b|c|d}次", "test.toml 第1行: 取数位“{a|b|c|d}”应写作 {指标|期间|筛选}"),
        ("{a.colour}次", "test.toml 第1行: 取数位“{a.colour}”的写法“colour”不认识，应为" + KNOWN_FORMS),
        ("{a|昨天}次", "test.toml 第1行: 取数位“{a|昨天}”的期间“昨天”不认识"),
        ("{a||kind}次", "test.toml 第1行: 取数位“{a||kind}”的筛选“kind”应写作 栏目=内容"),
        ("{a次", "test.toml 第1行: “{”和“}”不成对"),
        ("[[{a}次", "test.toml 第1行: “[[”和“]]”不成对"),
        ("@跳舞", "test.toml 第1行: 不认识的指令 @跳舞"),
    ],
)
def test_a_wrong_line_says_which_and_what(body, message):
    with pytest.raises(OutlineError) as wrong:
        read(body)
    assert str(wrong.value) == message


def test_a_number_with_a_source_may_stand():
    outline = read("落实“710”督办。", '[sources]\n710 = "督办制度的名称"')
    assert outline.sources == {"710": "督办制度的名称"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("=", "test.toml: 不是 TOML"),
        ('code = "1"', "test.toml: 缺少 body、name、title"),
        ('code = "1"\ncolour = 1', "test.toml: 不认识的项目 colour"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(text, message):
    with pytest.raises(OutlineError) as wrong:
        read_outline(text, file="test.toml")
    assert str(wrong.value).startswith(message)


def test_slots_are_read_with_form_period_and_filter():
    outline = read("{a}{b.change}{c|Q1}[[{d||kind=党课，tag=廉政}]][[=0 e:无]][[=全部 f/g：成]]{h.亿元余}")
    assert outline.slots == (
        Slot("a"), Slot("b", "change"), Slot("c", "", "Q1"),
        Slot("d", "", "", (("kind", "党课"), ("tag", "廉政"))), Slot("e"), Slot("f"), Slot("g"),
        Slot("h", "亿元余"),
    )  # fmt: skip


def test_every_slot_of_our_outlines_is_a_metric_and_is_followed_by_its_unit():
    assert outlines()
    for outline in outlines().values():
        for part in outline.parts:
            for sentence in part.sentences:
                for place, slot in enumerate(sentence.tokens):
                    if isinstance(slot, Slot) and part.directive == "":
                        metric = dictionary()[slot.metric]
                        after = sentence.tokens[place + 1] if place + 1 < len(sentence.tokens) else ""
                        unit = (slot.scale or metric.unit) if slot.is_number else ""
                        assert str(after).startswith(unit), f"{outline.name} 第{part.line}行 {slot.metric}：{unit}"
                        assert slot.form in FORMS
        assert {slot.metric for slot in outline.slots} <= set(dictionary()), outline.name


def test_an_outline_is_found_by_its_name_and_by_its_code():
    assert outline_named("年度总结") is outline_named("000") is not None
    assert outline_named("无") is None
