"""A whole tender played by clicking: thirteen people in browsers of their own, from the registration to the archive."""

import re
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect

from support.browser import House, People, account_of
from support.whole_tender import LOT, OTHER_LOT, PDF, PRICES, TITLE, Person, Play
from yangguang.trading.models import Bid, Guarantee, OpenedBid
from yangguang.trading.stages import Stage
from yangguang.trading.verification import verify_archive
from yangguang.web.bidding.models import Trial
from yangguang.witness.platform import platform

pytestmark = pytest.mark.browser

VERIFIER = Path(__file__).resolve().parents[2] / "verifier/verify.py"
NOTICE = {
    "招标人地址": "示例市示例路1号",
    "联系人和电话": "招标办公室 0000-0000000",
    "建设地点": "示例市示例区",
    "招标范围": "教学楼施工图纸范围内的全部工程。",
    "计划工期": "300 日历天。",
    "投标人资格要求": "具有建筑工程施工总承包二级以上资质。",
    "投标保证金（元）": "200000",
    "技术评审项": "施工组织设计 50",
    "商务评审项": "",  # one sheet a bid and member is enough
}


def test_a_whole_tender_is_played_by_clicking(house: House, people: People, tmp_path: Path) -> None:
    play = Play.begin(house, people, tmp_path)
    play.now("03-02")
    register(play)
    review_fair_competition(play)
    play.now("03-03")
    write_and_publish(play)
    play.now("03-04")
    take_documents(play)
    play.now("03-20")
    for name, price in PRICES.items():
        bid(play, name, price)
    play.now("03-24", "09:00")
    open_hall(play)
    play.pass_deadline()
    hold_opening(play)
    play.now("03-24", "14:00")
    draw_experts(play)
    play.now("03-25", "09:00")
    sit_down(play)
    evaluate(play)
    play.now("03-26")
    play["agency"].trade().do("公示中标候选人")
    play.now("03-31")
    award(play)
    play.now("04-10")
    conclude_contract(play)
    play.now("04-14")
    finish(play)
    verify(play, tmp_path)


def register(play: Play) -> None:
    """进场登记: the centre registers a tender of two lots."""
    centre = play["centre"].go("/desk/").follow("进场登记")
    centre.press("增加一个标段")
    centre.page.get_by_label("交易分类").select_option("A01")
    centre.page.get_by_label("招标人", exact=True).fill(play.cast.tenderer.name)
    centre.fill(项目名称=TITLE, 招标代理机构=play.cast.agency.code, 行政监督部门=play.cast.supervisor.name)
    centre.fill(纪检监察机构=play.cast.inspector.name)
    centre.page.get_by_label("监督条线").select_option("housing")
    centre.choose("国有资金是否占控股或者主导地位", "是")
    for number, title in enumerate((LOT, OTHER_LOT), start=1):
        centre.choose(f"第{number}标段类别", "施工")
        labels = {f"第{number}标段名称": title, f"第{number}标段估算价（元）": "12,000,000"}
        centre.fill(**labels, **{f"第{number}标段最高投标限价": "10000000"})
    centre.press("下一步：核对")
    centre.confirm("进场登记")
    link = centre.page.locator("dt", has_text=LOT).locator("+ dd a")
    play.stream = link.inner_text()
    with centre.arriving():
        link.click()
    centre.page.get_by_role("heading", name=TITLE).wait_for()


def review_fair_competition(play: Play) -> None:
    """公平竞争审查: the tenderer, who signed in by password, answers every item and signs."""
    tenderer = play.comes("tenderer").by_password()
    tenderer.find().follow("登记公平竞争审查").follow("由平台编制")
    for one in tenderer.page.get_by_label("未发现", exact=True).all():
        one.check()
    tenderer.press("生成审查表，去签名")
    tenderer.confirm("登记公平竞争审查")


def write_and_publish(play: Play) -> None:
    """编制和发布: the agency, who signed in by certificate, fills in the document and signs its three papers."""
    agency = play.comes("agency").by_certificate()
    agency.find().follow("发布招标公告和招标文件").follow("由平台编制")
    agency.fill(**NOTICE)
    agency.press("生成三份文件，去签名发布")
    agency.confirm("发布招标公告和招标文件")
    assert play.trade.stage == Stage.BIDDING


def take_documents(play: Play) -> None:
    """下载招标文件: each finds the notice on the portal; one of them signed in with an SM2 certificate."""
    play.comes("national").by_certificate()
    for bidder in play.bidders:
        bidder.go("/").find().do("下载招标文件").follow("去投标页")
        paper = bidder.page.get_by_role("link", name="打开招标文件").get_attribute("href")
        assert bidder.page.request.get(bidder.visitor.server.url(paper or "")).body().startswith(b"%PDF")


def bid(play: Play, name: str, price: str) -> None:
    """投标: bond, sealed bid, receipt and trial decryption, all in the page."""
    bidder = play[name].trade().follow("登记投标保证金或者保函")
    bidder.page.get_by_label("投标保证金凭证或者保函", exact=True).check()
    bidder.fill(开立机构="示例银行", 生效日="2026-03-20", 到期日="2026-12-31")
    seal_and_send(bidder)
    bidder.follow("返回投标页")
    bidder.page.set_input_files("#part-qualification", PDF)
    bidder.page.set_input_files("#part-technical", PDF | {"name": "施工组织设计.pdf"})
    bidder.page.fill("#price-amount", price)
    bidder.page.fill("#price-days", "300")
    seal_and_send(bidder)
    with bidder.page.expect_download():
        bidder.link("下载签名回执").click()
    bidder.follow("试解密")
    bidder.hold("trial")
    with bidder.page.expect_response("**/trial/"):
        bidder.page.get_by_role("button", name="试解密").click()
    assert Trial.objects.filter(organisation=play[name].who.actor.organisation, is_opened=True).exists()
    page = play["supervisor"].trade().page.content()
    assert bidder.who.organisation.name not in page  # type: ignore[union-attr]


def seal_and_send(bidder: Person) -> None:
    """Seal what is filled in, send it and get the receipt."""
    bidder.hold("seal")
    bidder.page.get_by_role("button", name="加密并签名").click()
    bidder.page.locator("[data-seal-status][data-kind=ok]").wait_for()
    bidder.page.get_by_role("button", name="上传并递交").first.click()
    bidder.page.get_by_role("heading", name="已收到并封存").wait_for()


def open_hall(play: Play) -> None:
    """签到: everybody comes to the hall; the bidders sign in, which nobody sees."""
    for bidder in play.bidders:
        bidder.trade().follow("开标签到").in_hall("sign_in_to_opening")
    for one in (*play.drawers, play["agency"]):
        one.trade().follow("开标大厅")


def hold_opening(play: Play) -> None:
    """开标: list, drawn parameter, decryption by each bidder, announcement, signed record; the public watches."""
    agency, public = play["agency"], play.anybody().go("/").find().follow("开标大厅")
    for one in (agency, *play.drawers, *play.bidders):
        one.trade("opening/")
    agency.in_hall("announce_bidders")
    public.page.get_by_role("heading", name="投标人名单", exact=True).wait_for()
    draw_parameter(play)
    public.page.get_by_text("✓ 您的浏览器复算").wait_for()
    agency.in_hall("start_decryption")
    for bidder in play.bidders:
        bidder.page.locator("#recovery-certificate").wait_for()
        bidder.trade("opening/")  # a panel that is still being renewed takes no file
        bidder.hold("recovery")
        with bidder.arriving():
            bidder.page.get_by_role("button", name="用证书解密").click()
        bidder.page.get_by_text("已办理：解密投标文件").wait_for()
    assert OpenedBid.objects.filter(outcome="opened").count() == Guarantee.objects.filter(opened__isnull=False).count()
    agency.in_hall("end_decryption")
    agency.in_hall("announce_bids")
    public.page.get_by_text("玖佰伍拾万元整").wait_for()
    play.now("03-24", "10:00")
    agency.trade("opening/").do("签署开标记录")
    public.page.get_by_text("开标结束，开标记录已签署并公开").wait_for()
    assert Bid.objects.count() == OpenedBid.objects.count() == len(PRICES)
    for one in (public, *play.drawers, *play.bidders):
        one.leave()


def draw_parameter(play: Play) -> None:
    """抽取参数: three parties commit to numbers of their browsers and reveal them, the centre first."""
    play["centre"].in_hall("open_draw")
    for act in ("commit_to_draw", "reveal_for_draw"):
        for party in play.drawers:
            party.in_hall(act)
    play["centre"].in_hall("complete_draw")


def draw_experts(play: Play) -> None:
    """抽取专家: the same three parties on the page of the draw; the first four who are called accept."""
    centre = play["centre"].trade().follow("抽取评标专家").do("建立抽取池")
    for step in ("提交承诺", "揭示随机数"):
        for party in play.drawers:
            party.trade("draw/").press(step)
            party.page.get_by_text("已办理：").wait_for()
    centre.trade("draw/").do("完成抽取").follow("返回专家抽取")
    expect(centre.page.locator("[data-check=order]")).to_contain_text("✓ 相符")
    for _ in range(4):
        centre.choose("应答", "接受")
        centre.press("登记应答")
    representative, tenderer = account_of(play.cast.representative), play["tenderer"].trade()
    tenderer.do("组建评标委员会", lambda: tenderer.fill(招标人代表1的账户名=representative.username))
    assert play.trade.stage == Stage.DRAWN


def sit_down(play: Play) -> None:
    """评委签到、推选组长: each from the desk, which says no more than that there is an evaluation."""
    for member in play.seats:
        desk = member.go("/desk/")
        expect(desk.page.get_by_text(TITLE)).to_have_count(0)
        desk.do("评委签到").follow("返回评标室")
    first_seat = re.compile("^1 号席位")
    for member in play.seats[:3]:
        member.trade("room/").do("推选评标委员会组长", partial(member.choose, "推选哪一席位为组长", first_seat))
    assert play.trade.stage == Stage.REVIEWING


def evaluate(play: Play) -> None:
    """评标: opinions, scores without names, computation, report and signatures."""
    chair = play["seat1"]
    for member in play.seats:
        member.go("/desk/").follow(re.compile("^评标："))
        give_opinions(member)
    supervisor = play["supervisor"].trade().follow("评标室")
    expect(supervisor.page.get_by_text("旁观：")).to_be_visible()
    chair.trade("room/").do("结束初步评审")
    for member in play.seats:
        member.trade("room/")
        score(member)
    read_blind_file(chair)
    for act in ("结束评分", "评标汇总", "出具评标报告"):
        chair.trade("room/").do(act)
    for member in play.seats:
        member.trade("room/").do("签署评标报告")
    chair.follow("返回评标室").do("评标结束")
    assert play.trade.stage == Stage.EVALUATED


def give_opinions(member: Person) -> None:
    """Every bid passes every step."""
    button = "提交对本投标的意见"
    for _ in PRICES:
        form = member.page.locator("form", has=member.page.get_by_role("button", name=button)).first
        for verdict in form.get_by_label("通过", exact=True).all():
            verdict.check()
        member.press(button, inside=form)


def score(member: Person) -> None:
    """A mark for each sheet, the later the lower."""
    for number in range(len(PRICES)):
        form = member.page.locator("form[data-sheet]").first
        form.get_by_role("textbox").fill(str(45 - 5 * number))
        member.press("提交评分", inside=form)


def read_blind_file(member: Person) -> None:
    """A technical part in the reader, under a code."""
    with member.page.expect_popup() as opened:
        member.link(re.compile("技术标")).click()
    expect(opened.value.locator("[data-count]")).to_have_text("共 3 页")
    opened.value.close()


def award(play: Play) -> None:
    """定标和中标通知."""
    play["tenderer"].trade().do("确定中标人")
    play["agency"].trade().do("发出中标通知书")


def conclude_contract(play: Play) -> None:
    """订立合同: the tenderer prepares it, the winner signs it first, then the tenderer."""
    tenderer = play["tenderer"].trade().follow("订立书面合同")
    tenderer.fill(专用条款="工程款按月支付。")
    tenderer.press("下一步：核对")
    tenderer.page.get_by_text("中标人还没有对这份合同签名").wait_for()
    code = play.trade.awards.get().bid.bidder.code
    winner = next(one for one in play.bidders if one.who.actor.organisation == code)
    winner.trade().follow("会签合同").sign()
    winner.press("提交签名")
    winner.page.get_by_text("贵单位已签名").wait_for()
    tenderer.page.reload()
    tenderer.page.get_by_text("中标人已对这份合同签名").wait_for()
    tenderer.confirm("订立书面合同")


def finish(play: Play) -> None:
    """退还保证金、书面报告、归档."""
    centre = play["centre"]
    for _ in PRICES:
        centre.trade().do("退还投标保证金", lambda: refund(centre))
    play["agency"].trade().do("提交招标投标情况书面报告")
    centre.trade().do("归档")
    assert play.trade.stage == Stage.ARCHIVED


def refund(centre: Person) -> None:
    """The first bond that waits, with its interest."""
    centre.choose("退还哪一笔", re.compile("公司"))
    centre.page.get_by_label("退还本金（元）").fill("200,000")
    centre.page.get_by_label("同期存款利息（元）").fill("58.33")


def verify(play: Play, folder: Path) -> None:
    """核验: the archive, downloaded in the browser, holds for the portal, for our verifier and for the other one."""
    centre = play["centre"].trade()
    with centre.page.expect_download() as download:
        centre.link("下载归档包").click()
    assert download.value.suggested_filename == f"{play.stream}.zip"
    download.value.save_as(folder / "archive.zip")
    public = play.anybody().go("/").follow("自己验证")
    public.page.set_input_files("#archive", folder / "archive.zip")
    public.press("核验归档")
    public.page.get_by_role("heading", name="核验通过").wait_for()
    with zipfile.ZipFile(folder / "archive.zip") as packed:
        packed.extractall(folder / "out")
    archive, keys = folder / "out" / play.stream, platform().verifier_keys()
    assert verify_archive(archive, trusted=keys).problems == []
    told = [argument for key in keys for argument in ("--key", key)]
    alone = subprocess.run([sys.executable, VERIFIER, archive, *told], capture_output=True, text=True, check=False)
    assert (alone.returncode, "VERIFIED" in alone.stdout) == (0, True), alone.stdout + alone.stderr
