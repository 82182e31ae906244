"""编制招标文件: the form and its limits, the trial, publication and change with signatures, and who may come in."""

import re
from datetime import timedelta

import pytest
from click.testing import CliRunner

from support.act_pages import errors
from support.authoring import AuthorsDesk, fields
from support.scenes import beijing, short_terms
from support.stages import PUBLISHED, trade_at
from yangguang.cli.score import score
from yangguang.proof.canonical import canonical
from yangguang.trading.acts.documents import download_document
from yangguang.trading.models import TenderDocument
from yangguang.trading.stages import Stage
from yangguang.trading.terms import parse_terms
from yangguang.web.models import AuthoredDocument
from yangguang.witness import evidence
from yangguang.witness.entries import payload_of
from yangguang.witness.models import Entry

pytestmark = pytest.mark.django_db
REFUSED = {
    "bid_bond": ("240000.01", "投标保证金", "条例第二十六条"),
    "committee_size": ("3", "少于5人", "招标投标法第三十七条"),
    "experts": ("2", "专家", "招标投标法第三十七条"),
    "candidates": ("4", "多于3名", "条例第五十三条"),
    "decryption_minutes": ("29", "少于30分钟", "平台规则"),
    "sale_until": ("2026-03-04", "不足5日", "条例第十六条"),
    "deadline": ("2026-03-21T09:30", "不足20日", "招标投标法第二十四条"),
    "technical_items": ("企业业绩 15", "不能重复", "招标投标法第十九条"),
    "price_weight": ("一半", "请填写数字", ""),
    "technical_items ": ("施工组织设计", "第1行应为", ""),
}


@pytest.fixture
def desk():
    return AuthorsDesk(trade_at(Stage.REVIEWED), "agency")


def at_field(page, name):
    """What the page says at a field."""
    text = page.content.decode()
    return re.split(r'<div class="mb-3" data-field=|</section>', text.split(f'data-findings-of="{name}"')[1])[0]


@pytest.mark.parametrize("field", REFUSED)
def test_each_limit_is_refused_at_its_field_with_its_article_and_what_was_typed_stays(desk, field):
    value, reason, article = REFUSED[field]
    name = field.strip()
    desk.complete()
    page = desk.send(publish="1", **{name: value})
    assert page.status_code == 422
    said = at_field(page, name if "重复" not in reason else "family")
    assert reason in said
    assert article in said
    assert fields(page)[name] == [value]
    assert not TenderDocument.objects.exists()


def test_a_deadline_of_exactly_twenty_days_is_cautioned_and_not_refused(desk):
    desk.complete(deadline="2026-03-22T09:30")
    page = desk.get(desk.place())
    assert "恰为20日" in at_field(page, "deadline")
    assert desk.send(publish="1").status_code == 302


def test_full_marks_that_are_not_a_hundred_are_cautioned(desk):
    assert "满分合计" not in desk.complete().content.decode()
    assert "满分合计为 110 分" in desk.complete(price_weight="0.6").content.decode()


def test_the_trial_says_what_yangguang_score_says(desk):
    fragment = desk.complete(sample_prices="9000000、9300000.50、9100000", family="shanxi_building").content.decode()
    request = desk.get(desk.place("score.json")).content
    told = CliRunner().invoke(score, ["--text"], input=request)
    assert told.exit_code == 0
    shown = re.findall(r"<li>(.*?)</li>", fragment)
    assert shown == told.output.splitlines()
    assert len(shown) > 30


def test_what_is_typed_is_kept_for_the_organisation_and_for_no_other(desk):
    desk.complete(scope="只有本单位看得到")
    assert fields(desk.get(desk.place()))["scope"] == ["只有本单位看得到"]
    assert "只有本单位看得到" not in AuthorsDesk(desk.scene, "tenderer").get(desk.place()).content.decode()
    assert AuthoredDocument.objects.get().organisation == desk.scene.actor("agency").organisation


def test_the_second_of_two_tabs_overwrites_nothing_and_loses_nothing(desk):
    first = second = desk.get(desk.place())
    assert desk.send("typed/", page=first, scope="甲窗口").status_code == 200
    assert desk.send("typed/", page=second, scope="乙窗口").status_code == 409
    assert AuthoredDocument.objects.get().typed["scope"] == ["甲窗口"]
    page = desk.send(page=second, scope="乙窗口")
    assert page.status_code == 409
    assert "后保存的不覆盖先保存的" in page.content.decode()
    assert fields(page)["scope"] == ["乙窗口"]
    assert desk.send(page=page).status_code == 302
    assert AuthoredDocument.objects.get().typed["scope"] == ["乙窗口"]


def test_the_agency_publishes_three_signed_papers_from_one_form(desk):
    desk.complete(bid_bond="200,000.00")
    shown = desk.get(desk.place("terms.json")).json()
    papers = {name: desk.get(desk.place(f"{name}.pdf")).content for name in ("notice", "document")}
    check = desk.send(publish="1")
    assert check.status_code == 302, errors(check)
    confirmed = desk.confirm(check["Location"])
    assert confirmed.status_code == 302, errors(confirmed)
    published = TenderDocument.objects.get()
    assert published.terms == shown
    assert parse_terms(shown).bid_bond == 200_000
    files = payload_of(Entry.objects.get(act="publish_notice"))["files"]
    kept = {one["name"]: evidence.read(one["sha256"]) for one in files}
    assert kept["招标公告"] == papers["notice"]
    assert kept["招标文件"] == papers["document"]
    assert kept["结构化条款（第1版）"] == canonical(shown)
    assert desk.scene.trade.stage == Stage.BIDDING


def test_nothing_is_published_unsigned(desk):
    desk.complete()
    check = desk.send(publish="1")["Location"]
    refused = desk.confirm(check, signatures="{}")
    assert refused.status_code == 409
    assert "电子签名法" in refused.content.decode()
    assert not TenderDocument.objects.exists()


def test_before_the_review_the_papers_cannot_be_handed_over():
    desk = AuthorsDesk(trade_at(Stage.REGISTERED), "tenderer")
    desk.complete()
    assert 'value="1">生成三份文件' not in desk.get(desk.place()).content.decode()
    assert desk.send(publish="1").status_code == 409


def test_papers_are_refused_while_the_document_is_unfinished(desk):
    for part in ("notice.pdf", "document.pdf", "terms.json"):
        page = desk.get(desk.place(part))
        assert page.status_code == 409
        assert "招标投标法第十九条" in page.content.decode()


def answers(page, **changed):
    names = re.findall(r'name="(\w+)_note"', page.content.decode())
    return dict.fromkeys(names, "none") | changed


def test_the_review_is_answered_item_by_item_and_signed():
    desk = AuthorsDesk(trade_at(Stage.REGISTERED), "tenderer")
    page = desk.get(desk.place("review/"))
    assert len(answers(page)) == 12
    with desk.now():
        sent = desk.client.post(desk.place("review/"), answers(page, brand_note="未指定品牌"))
    confirmed = desk.confirm(sent["Location"])
    assert confirmed.status_code == 302, errors(confirmed)
    assert desk.scene.trade.stage == Stage.REVIEWED
    file, *_ = payload_of(Entry.objects.get(act="record_fair_competition_review"))["files"]
    assert evidence.read(file["sha256"]).startswith(b"%PDF")


@pytest.mark.parametrize(("given", "says"), [("found", "条例第三十二条第二款第五项"), ("", "这一项还没有审查")])
def test_a_review_with_an_open_item_is_not_signed(given, says):
    desk = AuthorsDesk(trade_at(Stage.REGISTERED), "tenderer")
    page = desk.get(desk.place("review/"))
    with desk.now():
        sent = desk.client.post(desk.place("review/"), answers(page, brand=given, brand_note="某品牌"))
    assert sent.status_code == 422
    assert says in sent.content.decode()
    assert fields(sent)["brand_note"] == ["某品牌"]


def change(desk, **given):
    with desk.now():
        return desk.client.post(desk.place("change/"), given)


def test_a_late_change_shows_the_postponement_before_it_is_confirmed():
    desk = AuthorsDesk(trade_at(PUBLISHED, at=beijing("03-12")), "agency")
    opened = desk.get(desk.place("change/"))
    text = opened.content.decode()
    assert "条例第二十一条" in text
    assert "最迟 2026年3月8日" in text
    proposed = fields(opened)["deadline"][0]
    assert proposed == "2026-03-27T09:00"
    given = {"text": "工期改为320日历天。", "affects_bids": "yes"}
    refused = change(desk, **given)
    assert refused.status_code == 422
    assert "不足15日" in refused.content.decode()
    assert fields(refused)["text"] == [given["text"]]
    shown = change(desk, **given, deadline=proposed)
    assert shown.status_code == 200
    assert "<strong>2026-03-27 09:00</strong>" in shown.content.decode()
    assert "<strong>2026-06-25</strong>" in shown.content.decode()  # bids and guarantees, 90 days on
    check = change(desk, **given, deadline=proposed, shown_for=fields(shown)["shown_for"][0])
    confirmed = desk.confirm(check["Location"])
    assert confirmed.status_code == 302, errors(confirmed)
    assert desk.scene.trade.bid_deadline == beijing("03-27")
    assert TenderDocument.objects.count() == 2


def test_a_change_of_the_terms_is_listed_and_published():
    desk = AuthorsDesk(trade_at(PUBLISHED), "tenderer")
    sent = desk.send("typed/", bid_validity_days="120")
    assert sent.status_code == 200
    page = desk.get(desk.place("change/"))
    assert "投标有效期（日）" in page.content.decode()
    given = {"text": "投标有效期改为120日。", "affects_bids": "no", "deadline": ""}
    shown = change(desk, **given)
    check = change(desk, **given, shown_for=fields(shown)["shown_for"][0])
    assert desk.confirm(check["Location"]).status_code == 302
    newest = TenderDocument.objects.order_by("version").last()
    assert newest.terms == short_terms() | {"bid_validity_days": 120}


def test_whoever_typed_before_a_newer_version_sees_the_terms_that_hold(desk):
    AuthorsDesk(desk.scene, "tenderer").complete(bid_validity_days="33")
    desk.scene.at += timedelta(minutes=1)
    desk.complete(bid_validity_days="44")
    desk.confirm(desk.send(publish="1")["Location"])
    desk.scene.at += timedelta(days=1)
    for who in ("tenderer", "agency"):
        assert fields(AuthorsDesk(desk.scene, who).get(desk.place()))["bid_validity_days"] == ["44"], who


@pytest.mark.parametrize("by", ["supplier", "bidder", "centre", "supervisor", "expert"])
def test_nobody_but_tenderer_and_agency_gets_in(by):
    desk = AuthorsDesk(trade_at(PUBLISHED), by)
    parts = ("", "review/", "change/", "terms.json", "score.json", "notice.pdf", "document.pdf")
    assert [desk.get(desk.place(part)).status_code for part in parts] == [403] * len(parts)
    with desk.now():
        assert desk.client.post(desk.place("typed/"), {"scope": "x"}).status_code == 403
    assert not AuthoredDocument.objects.exists()


@pytest.mark.parametrize(
    ("act", "part", "point"),
    [
        ("record_fair_competition_review", "review/", Stage.REGISTERED),
        ("publish_notice", "", Stage.REVIEWED),
        ("change_document", "change/", PUBLISHED),
    ],
)
def test_the_page_of_the_act_leads_here(act, part, point):
    desk = AuthorsDesk(trade_at(point), "agency")
    assert f'href="{desk.place(part)}"' in desk.open(act).content.decode()


def test_no_page_tells_that_somebody_downloaded():
    scene = trade_at(PUBLISHED)
    desk = AuthorsDesk(scene, "agency")

    def pages():
        found = [desk.get(desk.place(part)).content.decode() for part in ("", "change/")]
        return [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", one) for one in found]

    before = pages()
    download_document(scene.trade, actor=scene.actor("supplier"), at=scene.at)
    assert pages() == before


def test_a_draft_with_nonsense_breaks_nothing(desk):
    for value in ("x" * 300_000, "\x00", "{", "[]", "-1", "1e999"):
        answer = desk.send("typed/", family="own", own_scoring=value, bid_bond=value, sample_prices=value, places=value)
        assert answer.status_code == 200
        assert desk.get(desk.place()).status_code == 200
    assert desk.send("typed/", family="nowhere").status_code == 200
