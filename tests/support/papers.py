"""Papers of a fictitious centre, for the tests of writing them."""

from datetime import date

from yangguang.reports.paper import Evidence, EvidenceAnnex, FigureRun, Heading, Literal, Paper, Paragraph, Table

YEAR = Literal(text="2026", source="报告年度")
MEETINGS = FigureRun(text="12", figure="meetings")
TRADES = FigureRun(text="1499", figure="trades")
BODY = (
    Heading(level=1, text="主要工作"),
    Heading(level=2, text="强化理论武装"),
    Paragraph(runs=("共召开支部委员会", MEETINGS, "次。")),
    Heading(level=2, text="做实进场交易", runs=("。完成进场交易", TRADES, "个。")),
    Table(title="交易情况", columns=("类别", "个数"), rows=(("全部", TRADES),)),
    Heading(level=1, text="存在问题"),
    Paragraph(runs="学习还不够深入。"),
)


def evidence(run, **changes):
    facts = {"metric": f"示例指标{run.figure}", "version": "第1版", "period": "2026年1月至11月", "record_count": 3}
    return Evidence(
        figure=run.figure, text=run.text, **(facts | {"records": ("甲", "乙"), "digest": "ab" * 32} | changes)
    )


def a_paper(**changes):
    facts = {
        "title": ("示例市公共资源交易中心党支部\n", YEAR, "年度工作总结"),
        "body": BODY,
        "signer": "示例市公共资源交易中心党支部",
        "issued_on": date(2026, 12, 8),
        "annexes": (EvidenceAnnex(rows=(evidence(MEETINGS), evidence(TRADES))),),
    }
    return Paper(**(facts | changes))


def of_text(*runs, **changes):
    return a_paper(body=(Paragraph(runs=runs),), **changes)
