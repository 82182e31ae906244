"""From a finished form to the act: a draft of the act with its papers, to be checked and signed like every other."""

from collections.abc import Mapping
from typing import Any

from yangguang.proof.canonical import canonical
from yangguang.rules.calendar import legal_date
from yangguang.trading.models import Trade
from yangguang.trading.readings import deadline_of, document_of
from yangguang.trading.signed_terms import terms_paper
from yangguang.web.accounts.requests import Request
from yangguang.web.acts.pages import PAGES
from yangguang.web.acts.views import check_possible
from yangguang.web.authoring import papers
from yangguang.web.authoring.authored import Reading
from yangguang.web.authoring.forms import moment_typed
from yangguang.web.drafts.models import Draft
from yangguang.witness import evidence

PDF, JSON = "application/pdf", "application/json"


def hand_over(
    request: Request, trade: Trade, act: str, *, answers: Mapping[str, Any], files: Mapping[str, tuple[str, bytes]]
) -> Draft:
    """The act's draft with kept files (field → name and content). Raises `Refused` where the act cannot be done."""
    check_possible(request, PAGES[act], trade)
    kept = {field: _kept(name, content) for field, (name, content) in files.items()}
    return Draft.objects.create(
        account=request.user,
        organisation=request.actor.organisation,
        stream=trade.stream,
        act=act,
        answers=dict(answers),
        files=kept,
        made_at=request.at,
    )


def publication(request: Request, trade: Trade, reading: Reading) -> Draft:
    """发布招标公告和招标文件: three papers from the same data."""
    given = reading.form.cleaned_data
    times = {"sale_until": given["sale_until"], "deadline": given["deadline"]}
    terms = reading.terms or {}
    files = {
        "notice": ("招标公告", papers.notice_paper(trade, said=reading.form.notice(), **times)),
        "document": ("招标文件", papers.document_paper(trade, terms=terms, said=reading.form.notice(), **times)),
        "terms": (terms_paper(1), canonical(terms)),
    }
    answers = {"sale_until": given["sale_until"].isoformat(), "deadline": moment_typed(given["deadline"])}
    return hand_over(request, trade, "publish_notice", answers=answers, files=files)


def change(request: Request, trade: Trade, terms: Mapping[str, Any], given: Mapping[str, Any]) -> Draft:
    """澄清或者修改: the paper, and all terms as they then hold."""
    version, moved = document_of(trade).version + 1, given.get("deadline")
    rows = papers.changed_rows(document_of(trade).terms, terms)
    paper = papers.change_paper(
        trade, version=version, text=given["text"], rows=rows, deadline=moved or deadline_of(trade)
    )
    files = {"change": (f"澄清文件（第{version}版）", paper), "terms": (terms_paper(version), canonical(terms))}
    answers = {
        "affects_bids": "yes" if given["affects_bids"] else "no",
        "deadline": moment_typed(moved) if moved else "",
    }
    return hand_over(request, trade, "change_document", answers=answers, files=files)


def review(request: Request, trade: Trade, rows: list[list[str]]) -> Draft:
    """登记公平竞争审查: the paper of the answered list."""
    paper = papers.review_paper(trade, rows=rows, on=legal_date(request.at))
    files = {"review": ("公平竞争审查表", paper)}
    return hand_over(request, trade, "record_fair_competition_review", answers={"passed": "yes"}, files=files)


def _kept(name: str, content: bytes) -> dict[str, str]:
    media_type = PDF if content.startswith(b"%PDF") else JSON
    found = evidence.keep(content, media_type=media_type)
    facts = {"name": name, "sha256": found.sha256, "media_type": found.media_type}
    return facts | {"shown": "由平台按编制的内容生成"}
