"""目录: the page of an archive that a person reads first. No scripts, no styles from elsewhere, links inside only."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from yangguang.rules.calendar import LEGAL_ZONE
from yangguang.trading.models import OpenedBid, Rejection, Trade
from yangguang.trading.readings import rejected_bids
from yangguang.trading.stages import Stage
from yangguang.witness import archive
from yangguang.witness.acts import ACTS
from yangguang.witness.entries import payload_of

PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 15px/1.7 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; max-width: 72rem; margin: 2rem auto; }}
table {{ border-collapse: collapse; width: 100%; margin-bottom: 2rem; font-variant-numeric: tabular-nums; }}
th, td {{ border: 1px solid #bbb; padding: .3rem .6rem; text-align: left; vertical-align: top; }}
th {{ background: #eef3f8; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{about}</p>
{body}
</body>
</html>
"""
HOW = (
    "本目录只供阅读，以同一文件夹内的记录为准。核验：在归档文件夹之外运行 "
    "python verifier/verify.py 归档文件夹，或 yangguang verify 归档文件夹。"
)

BID_HEADS = ("投标人", "结果", "报价（元）", "密封文件", "开启的文件")

Row = Sequence[str]


def contents_page(*, trade: Trade, folder: Path, state: Mapping[str, Any], evidence: Mapping[str, str]) -> str:
    """The page over a payload folder that is filled already; `evidence` maps digests to names in its own folder."""
    sections = [
        _outcome(trade, state),
        _table("投标与开标", BID_HEADS, _bid_rows(trade, state, evidence)),
        _table("排名", ("名次", "投标人", "得分", "中标候选人"), _ranking_rows(trade, state)),
        _table("见证记录", ("序号", "时间（北京）", "事项", "阶段", "文件"), _entry_rows(trade, evidence)),
        _folder_table("抽取", folder, "draws"),
        _folder_table("回执", folder, "receipts"),
        _folder_table("日志及证明", folder, "log"),
        _folder_table("截止时公布总数和树根的封存记录", folder, "log/sealed"),
    ]
    about = f"{trade.centre.name}　{trade.tender.title}　{trade.title}　标段编号 {trade.lot_code}。{HOW}"
    return PAGE.format(title=escape(f"归档目录 {trade.stream}"), about=escape(about), body="\n".join(sections))


def _bid_rows(trade: Trade, state: Mapping[str, Any], evidence: Mapping[str, str]) -> Iterable[Row]:
    standing = Rejection.objects.filter(bid__in=rejected_bids(trade))
    rejected = dict(standing.values_list("bid__evidence_id", "reason"))
    for bid in state["bids"]:
        outcome = OpenedBid.Outcome(bid["outcome"]).label if bid["outcome"] else "未开启"
        reason = f"；否决投标：{rejected[bid['bid']]}" if bid["bid"] in rejected else bid["reason"]
        files = "<br>".join(_evidence_link(file["sha256"], file["name"], evidence) for file in bid["files"])
        sealed = _evidence_link(bid["bid"], bid["bid"][:16], evidence)
        yield (_named(trade, bid["bidder"]), f"{outcome} {escape(reason)}", _money(bid["price"]), sealed, files)


def _ranking_rows(trade: Trade, state: Mapping[str, Any]) -> Iterable[Row]:
    bidders = {bid["bid"]: bid["bidder"] for bid in state["bids"]}
    for one in state["ranking"]:
        bidder = _named(trade, bidders[one["bid"]])
        yield (str(one["rank"]), bidder, one["total"], "是" if one["recommended"] else "")


def _named(trade: Trade, code: str) -> str:
    """An organisation as a person knows it, with its code below."""
    bid = trade.bids.select_related("bidder").filter(bidder__code=code).first()
    return f"{escape(bid.bidder.name)}<br>{escape(code)}" if bid else escape(code)


def _money(amount: str) -> str:
    return f"{Decimal(amount):,.2f}" if amount else ""


def _outcome(trade: Trade, state: Mapping[str, Any]) -> str:
    award, contract = state["award"], state["contract"]
    if award is None:
        return f"<p>结局：{escape(str(Stage(state['stage']).label))}，没有中标人。</p>"
    winner = _named(trade, award["bidder"]).replace("<br>", " ")
    agreed = f"；合同价 {_money(contract['price'])} 元" if contract else ""
    return f"<p>中标人 {winner}，中标价 {_money(award['price'])} 元{agreed}。</p>"


def _entry_rows(trade: Trade, evidence: Mapping[str, str]) -> Iterable[Row]:
    for number, entry in enumerate(archive.stream_entries(trade.stream)):
        payload = payload_of(entry)
        files = "<br>".join(_evidence_link(file["sha256"], file["name"], evidence) for file in payload["files"])
        stage = trade.stage_name(payload["to"]) if number else ""
        at = entry.at.astimezone(LEGAL_ZONE).strftime("%Y-%m-%d %H:%M:%S")
        yield (_link(f"log/entries/{number:06d}.json", str(number)), at, escape(_title(entry.act)), stage, files)


def _title(act: str) -> str:
    """The Chinese name of an act: the beginning of its docstring."""
    return ACTS[act].about.replace("：", ":").partition(":")[0].strip() if act in ACTS else act


def _folder_table(title: str, folder: Path, name: str) -> str:
    files = sorted(path for path in (folder / name).glob("*") if path.is_file())
    return _table(title, ("文件",), [(_link(path.relative_to(folder).as_posix(), path.name),) for path in files])


def _table(title: str, heads: Row, rows: Iterable[Row]) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
    if not body:
        return ""
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    return f"<h2>{escape(title)}</h2>\n<table>\n<tr>{head}</tr>\n{body}</table>"


def _evidence_link(digest: str, name: str, evidence: Mapping[str, str]) -> str:
    if digest not in evidence:
        return f"{escape(name)}（不公开）"
    return _link(f"evidence/{evidence[digest]}", name)


def _link(target: str, text: str) -> str:
    return f'<a href="{quote(target)}">{escape(text)}</a>'
