"""All papers of a trade, and reading a paper as a browser does."""

from datetime import date, timedelta
from html.parser import HTMLParser

from support.paper_rows import AT, MARKUP
from yangguang.trading.models import Trade
from yangguang.trading.papers import (
    Contact,
    NoticeFacts,
    award_notice,
    candidates_notice,
    contract_paper,
    evaluation_report,
    opening_record,
    result_notice,
    tender_document,
    tender_notice,
    written_report,
)

CONTACT = Contact(address="示例路1号", person="示例联系人", phone="000-0000", email="a@example.invalid")
FACTS = NoticeFacts(
    issued_at=AT - timedelta(days=27),
    sale_until=date(2026, 3, 9),
    deadline=AT,
    scope="图纸范围内全部工程",
    place="示例市示例区",
    period="300日历天",
    funds="财政资金",
    tenderer=CONTACT,
    agency=CONTACT,
    media=("示例市公共资源交易平台",),
    url="https://trade.example.invalid",
)


def all_papers(trade: Trade) -> dict[str, bytes]:
    document = trade.documents.latest("version")
    return {
        "opening_record": opening_record(trade),
        "evaluation_report": evaluation_report(trade),
        "candidates_notice": candidates_notice(trade, contact=CONTACT, media=["示例平台"]),
        "award_notice": award_notice(trade),
        "result_notice": result_notice(trade, bidder=trade.ranking.last().bid.bidder),
        "written_report": written_report(trade),
        "tender_notice": tender_notice(trade, terms=document.terms, facts=FACTS),
        "tender_document": tender_document(trade, terms=document.terms, deadline=AT, version=2, changes=[MARKUP]),
        "contract_paper": contract_paper(trade, clauses=[MARKUP]),
    }


class Shape(HTMLParser):
    """The tags, attributes and texts of a paper."""

    def __init__(self, paper: bytes) -> None:
        super().__init__()
        self.tags, self.attributes, self.texts, self.open = set(), set(), [], []
        self.feed(paper.decode("utf-8"))

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in {"meta", "col"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    @property
    def text(self) -> str:
        return "\n".join(part.strip() for part in self.texts if part.strip())


def text_of(paper: bytes) -> str:
    return Shape(paper).text
