"""The papers from the data: 招标公告, 招标文件, 澄清文件 and 公平竞争审查表 as PDF."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from yangguang.rules.scoring import Description, program_lines
from yangguang.trading.models import Trade
from yangguang.trading.papers.words import day, moment_in_full, money_in_full
from yangguang.trading.terms import STEPS, parse_terms
from yangguang.web.authoring import layout
from yangguang.web.authoring.forms import BID_PARTS, REVIEWS, TERMS

WHERE = "登录本公共资源交易平台，用数字证书下载；不需要报名，下载情况在投标截止前不向任何人公开。"
GROUND = "根据《中华人民共和国招标投标法》及其实施条例，本项目已具备招标条件，现公开招标。"


def notice_paper(trade: Trade, *, said: Mapping[str, str], sale_until: date, deadline: datetime) -> bytes:
    """招标公告 (招标投标法第十六条): tenderer, nature, quantity, place, time, and how to get the documents."""
    blocks = [
        layout.title(f"{trade.tender.title} {trade.title}\n招标公告"),
        *layout.words(GROUND),
        layout.heading("一、招标项目"),
        layout.facts([*_heading(trade), *((label, text) for label, text in said.items() if text)]),
        layout.heading("二、招标文件的获取"),
        *layout.words(f"自公告发布之日起至{day(sale_until)}止，{WHERE}"),
        layout.heading("三、投标截止和开标"),
        *layout.words(
            f"投标截止时间和开标时间：{moment_in_full(deadline)}。\n投标文件在本平台加密递交；逾期不予接收。"
        ),
        layout.heading("四、监督"),
        *layout.words(
            "全过程写入公开的、不可篡改的见证日志，任何人都可以自行核验。对招标文件有异议的，在投标截止十日前提出。"
        ),
        *layout.words(_signed_by(trade)),
    ]
    return layout.pdf("招标公告", blocks)


def document_paper(
    trade: Trade, *, terms: Mapping[str, Any], said: Mapping[str, str], sale_until: date, deadline: datetime
) -> bytes:
    """招标文件 (招标投标法第十九条): requirements, review, scoring step by step, and the terms."""
    read = parse_terms(terms)
    blocks = [
        layout.title(f"{trade.tender.title} {trade.title}\n招标文件"),
        layout.heading("第一章　招标项目"),
        layout.facts([*_heading(trade), *((label, text) for label, text in said.items() if text)]),
        layout.heading("第二章　投标人须知"),
        layout.facts([*_times(sale_until, deadline), *term_rows(terms)]),
        layout.heading("第三章　评审因素"),
        layout.table([[REVIEWS[step], "\n".join(read.review[step])] for step in STEPS], widths=(0.28, 0.72)),
        *layout.words(
            "上述评审因素有一项不合格的，按招标文件和法律规定否决其投标；招标文件没有规定的标准和方法不得作为评标依据。"
        ),
        layout.heading("第四章　评标办法"),
        *_scoring(read.scoring),
        layout.heading("第五章　结构化条款"),
        *layout.words("本招标文件的条款同时以机器可读的结构化条款（JSON）发布，两者由招标人一并签名，内容一致。"),
        *layout.words(_signed_by(trade)),
    ]
    return layout.pdf("招标文件", blocks)


def change_paper(trade: Trade, *, version: int, text: str, rows: Sequence[Sequence[str]], deadline: datetime) -> bytes:
    """澄清或者修改文件: what is said, each term before and after, and the deadline that then holds."""
    changed = [layout.table([["条款", "原为", "改为"], *rows], widths=(0.24, 0.38, 0.38))] if rows else []
    blocks = [
        layout.title(f"澄清（修改）文件　第{version}版"),
        layout.facts(_heading(trade)),
        layout.heading("一、澄清或者修改的内容"),
        *layout.words(text),
        *([layout.heading("二、条款的变化"), *changed] if changed else []),
        layout.heading("投标截止时间"),
        *layout.words(
            f"本次发布后，投标截止时间和开标时间为{moment_in_full(deadline)}。投标有效期和投标保证金有效期自该日起算。"
        ),
        *layout.words(_signed_by(trade)),
    ]
    return layout.pdf(f"澄清文件（第{version}版）", blocks)


def review_paper(trade: Trade, *, rows: Sequence[Sequence[str]], on: date) -> bytes:
    """公平竞争审查表: each item with its article and its answer."""
    blocks = [
        layout.title("公平竞争审查表"),
        layout.facts(
            [
                *_heading(trade),
                ("审查日期", day(on)),
                ("审查结论", "逐项审查，未发现限制、排斥潜在投标人的内容，审查通过。"),
            ]
        ),
        layout.heading("逐项审查"),
        layout.table([["审查内容", "依据", "结果和说明"], *rows], widths=(0.46, 0.27, 0.27)),
        *layout.words(_signed_by(trade)),
    ]
    return layout.pdf("公平竞争审查表", blocks)


def term_rows(terms: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The terms as label and text, for papers and for what a change changes."""
    scoring = terms["scoring"]
    bond = Decimal(terms["bid_bond"])
    return [
        ("投标保证金", money_in_full(bond) if bond else "不收取"),
        *((label, str(terms[name])) for name, (label, _) in TERMS.items()),
        ("评标专家专业", terms["specialty"]),
        ("投标文件的组成", "、".join(BID_PARTS.get(part, part) for part in terms["parts"])),
        ("评标办法", scoring["title"]),
    ]


def changed_rows(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[list[str]]:
    """Each term that differs: label, before, after."""
    old = dict(_all_rows(before))
    return [[label, old.get(label, ""), text] for label, text in _all_rows(after) if old.get(label) != text]


def _all_rows(terms: Mapping[str, Any]) -> list[tuple[str, str]]:
    reviews = [(f"{REVIEWS[step]}因素", "\n".join(terms["review"][step])) for step in STEPS]
    steps = "\n".join(program_lines(Description.parse(terms["scoring"])))
    return [*term_rows(terms), *reviews, ("评标办法的计算步骤", steps)]


def _scoring(scoring: Description) -> list[layout.Block]:
    lines = program_lines(scoring)
    drawn = [given for given in scoring.inputs.values() if given.kind.name == "drawn"]
    told = [
        f"“{one.label}”在开标时当众抽取，备选值：{'、'.join(format(choice, 'f') for choice in one.choices)}。"
        for one in drawn
    ]
    return [block for line in [*told, *lines] for block in layout.words(line)]


def _heading(trade: Trade) -> list[tuple[str, str]]:
    tender = trade.tender
    limit = money_in_full(trade.limit_price) if trade.limit_price is not None else "不设"
    return [
        ("招标项目", f"{tender.title} {trade.title}"),
        ("统一交易标识码", trade.stream),
        ("标段编号", trade.lot_code),
        ("招标人", tender.tenderer.name),
        ("招标代理机构", tender.agency.name if tender.agency else "自行招标"),
        ("最高投标限价", limit),
    ]


def _times(sale_until: date, deadline: datetime) -> list[tuple[str, str]]:
    return [("招标文件获取截止日", day(sale_until)), ("投标截止时间", moment_in_full(deadline))]


def _signed_by(trade: Trade) -> str:
    agency = f"\n招标代理机构：{trade.tender.agency.name}" if trade.tender.agency else ""
    return f"招标人：{trade.tender.tenderer.name}{agency}"
