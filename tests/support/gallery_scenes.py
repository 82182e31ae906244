"""What has happened before a page of the gallery is looked at, and what is done on it first."""

import json
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData
from playwright.sync_api import Page, expect

from support.act_pages import Desk
from support.browser import PASSWORD, account_of
from support.emptying import rewriting
from support.keyfiles import PASSWORD as FILE_PASSWORD
from support.keyfiles import key_file
from support.pdfs import three_pages
from support.scenes import BUSINESS_ITEM, Scene, lot, notice, registration
from support.witnessing import issue
from yangguang.demo.people import REGION
from yangguang.experts import draws
from yangguang.parties.models import Appointment, Office, Person
from yangguang.rules.codes import make_organisation_code
from yangguang.trading.acts.organisations import apply_to_register
from yangguang.trading.models import Bid, OpenedBid
from yangguang.web import demo_mode
from yangguang.web.bidding.models import Trial, Upload
from yangguang.witness import evidence
from yangguang.witness.actor import Actor
from yangguang.witness.log import sequence_log
from yangguang.witness.models import Entry

Names = Mapping[str, object]
PEOPLE = (("中心工作人员", "centre"), ("招标人", "owner"), ("招标代理", "agency"), ("行政监督", "supervisor"))
REFUSED = {
    "code": "bid.late",
    "reason": "文件在投标截止之后才完整到达",
    "article": "招标投标法第二十八条",
    "remedy": "逾期的投标文件不予接收。",
}


def in_log(scene: Scene) -> None:
    """What was done is sequenced, as the clock does it."""
    sequence_log(at=scene.at)


def demo_accounts(scene: Scene) -> None:
    """The accounts that a demonstration prints."""
    path = Path(settings.HOME, demo_mode.FILE)
    value = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    listed = [{"username": name, "title": title, "password": "示例-密码 1"} for title, name in PEOPLE]
    path.write_text(json.dumps({**value, "accounts": listed}), encoding="utf-8")


def uploads(scene: Scene) -> Names:
    """A bidder's upload that became a bid, one that was refused, and a trial."""
    in_log(scene)
    bid = Bid.objects.get(trade=scene.trade, bidder__code=scene.actor("bidder").organisation)
    facts = {
        "account": account_of(scene.who("bidder")), "organisation": scene.actor("bidder").organisation,
        "stream": scene.stream, "act": "submit_bid", "size": bid.evidence.size, "offset": bid.evidence.size,
        "made_at": scene.at, "expires_at": scene.at + timedelta(days=1), "completed_at": scene.at,
        "settled_at": scene.at,
    }  # fmt: skip
    taken = Upload.objects.create(**facts, entry=bid.entry)
    refused = Upload.objects.create(**facts, refusals=[REFUSED])
    tried = {"sealed": bid.evidence_id, "tried_at": scene.at, "is_opened": True, "certificate": "示例 2029"}
    Trial.objects.create(organisation=facts["organisation"], **tried)
    return {"upload": taken.token, "refused": refused.token}


def download(scene: Scene) -> Names:
    """A supplier has taken the document."""
    in_log(scene)
    return {"done": Desk(scene, "supplier").do("download_document", {}).request["PATH_INFO"]}


def applications(scene: Scene) -> Names:
    """Somebody has asked for the registration of an organisation."""
    code = str(make_organisation_code(region=REGION, serial="77000001"))
    given = {
        "code": code,
        "name": "示例新来建设有限公司",
        "kinds": ["bidder"],
        "contact": "申请人甲",
        "phone": "12345678901",
    }
    actor = Actor(person=scene.who("supplier").person.mark)
    apply_to_register(scene.cast.centre, actor=actor, at=scene.at, **given)
    return {"code": scene.cast.tenderer.organisation.code}


def draw_begins(scene: Scene) -> None:
    """A parameter is being drawn; two parties have committed."""
    in_log(scene)
    scene.do("open_draw", "centre")
    for party in ("tenderer", "supervisor"):
        scene.do("commit_to_draw", party, commitment=scene.commitment(party, secrets.token_bytes(32)))


def one_decrypts(scene: Scene) -> None:
    """The first of three bids is open."""
    scene.do("open_bid", "bidder1", unlocked=scene.unlocked("bidder1"))


def objection_and_drafts(scene: Scene) -> Names:
    """An objection that a bidder raised by the form, answered; a second one, whose answer waits for its signature."""
    done = Desk(scene, "bidder").do("object_at_opening", {"objection_text": "请说明未解密的投标文件如何处理。"})
    answer = scene.signed("agency", "answer_opening_objection", content="按投标人原因处理，视为撤销投标。".encode())
    scene.do("answer_opening_objection", "agency", number=1, answer=answer)
    scene.do("object_at_opening", "bidder2", objection=scene.kept("请说明投标报价的单位。"))
    typed = {"number": "2", "answer_text": "以招标文件规定的处理办法为准。"}
    check = Desk(scene, "tenderer").fill("answer_opening_objection", typed)["Location"]
    return {"check": check, "done": done.request["PATH_INFO"]}


def expert_declines(scene: Scene) -> None:
    """Experts were drawn, the first has declined and the second has to be called."""
    scene.draw()
    position = draws.next_position(scene.current_draw())
    scene.do("record_expert_reply", "centre", position=position, reply="refused", reason="出差")


def works_for_somebody(scene: Scene) -> None:
    """The first member also handles for the tenderer's organisation."""
    person, organisation = scene.who("seat1").person, scene.cast.tenderer.organisation
    given = {"person": person, "organisation": organisation, "office": Office.HANDLER}
    Appointment.objects.create(**given, valid_from=scene.at.date() - timedelta(days=9))


def pdfs(scene: Scene) -> Names:
    """Every opened bid has a PDF in its technical part and one for the qualification."""
    kept = evidence.keep(three_pages(), media_type="application/pdf")
    opened = list(OpenedBid.objects.filter(bid__trade=scene.trade).order_by("pk"))
    for place, one in enumerate(opened, start=1):
        rows = [(part, f"公司{place}{name}.pdf") for part, name in (("qualification", "资格"), ("technical", "技术"))]
        one.files += [{"part": part, "name": name, "sha256": kept.sha256, "size": kept.size} for part, name in rows]
        with rewriting("trading_openedbid"):
            OpenedBid.objects.filter(pk=one.pk).update(files=one.files)
    return {"mark": opened[0].bid.evidence_id, "number": len(opened[0].files) - 2}


def letter(scene: Scene) -> None:
    """The centre has noted something and written to the tenderer about an anomaly."""
    scene.do("register_note", "centre", text="评标区走廊有人打电话，已劝离。")
    issue(scene, to="tenderer")


def neighbours(scene: Scene) -> Names:
    """Another tender of two lots is out, so that lists have rows; the log knows all of it."""
    mine, title = scene.stream, "示例中学教学楼工程"
    lots = [lot(title=f"{title}{number}标段") for number in (1, 2)]
    tender = scene.do("register_tender", "centre", **registration(scene, title=title, lots=lots))
    for one in tender.trades.order_by("pk"):
        _publish(scene, one.stream)
    scene.stream, scene.known = mine, None
    in_log(scene)
    return {"sequence": _with_files(scene)}


def _publish(scene: Scene, stream: str) -> None:
    scene.stream, scene.known = stream, None
    review = "record_fair_competition_review"
    scene.do(review, "agency", review=scene.signed("agency", review), passed=True)
    dates = {"sale_until": date(2026, 4, 3), "deadline": scene.at + timedelta(days=28)}
    scene.do("publish_notice", "agency", **notice(scene, **dates))


def _with_files(scene: Scene) -> int:
    found = Entry.objects.filter(stream=scene.stream, act="publish_notice").order_by("sequence")
    return found.values_list("sequence", flat=True)[0]


def contract_waits(scene: Scene) -> None:
    """The tenderer has drawn up the contract; the winner's signature comes first."""
    Desk(scene, "tenderer").fill("sign_contract", {"contract_text": "工程款按月支付。\n质保期两年。"})


def concealed_entry(scene: Scene) -> Names:
    """An entry that said something which the archive opened."""
    in_log(scene)
    found = Entry.objects.filter(stream=scene.stream, act="give_opinion").order_by("sequence")
    return {"sequence": found.values_list("sequence", flat=True)[0]}


def second_factors(scene: Scene) -> Names:
    """The tenderer's handler has a password, codes, recovery codes and a passkey; the certificate has two handlers."""
    account = account_of(scene.who("tenderer"), password=PASSWORD)
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(account)
    data = {"name": "办公室电脑", "passwordless": True, "credential": credential()}
    passkey = Authenticator.objects.create(user=account, type=Authenticator.Type.WEBAUTHN, data=data)
    agency = scene.cast.agency.organisation
    colleague = Person.objects.create(name=f"{agency.name}第二经办人")
    given = {"person": colleague, "organisation": agency, "office": Office.HANDLER}
    Appointment.objects.create(**given, valid_from=scene.at.date() - timedelta(days=9))
    return {"passkey": passkey.pk}


def credential() -> dict[str, object]:
    """A passkey as a browser registers it; its key opens nothing."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    held = AttestedCredentialData.create(aaguid=bytes(16), credential_id=bytes(16), public_key=public)
    seen = AuthenticatorData.create(rp_id_hash=bytes(32), flags=0x45, counter=0, credential_data=held)
    said = CollectedClientData.create(type="webauthn.create", challenge=bytes(16), origin="https://localhost")
    response = {"clientDataJSON": websafe_encode(said), "attestationObject": websafe_encode(
        AttestationObject.create("none", seen, {})), "transports": []}  # fmt: skip
    name = websafe_encode(bytes(16))
    return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}


# What is done on a page first.


def go_on(page: Page, scene: Scene) -> None:
    """Go on with nothing filled in."""
    page.locator("main form button[type=submit]").last.click()
    page.locator("[data-error-summary]").wait_for()


def publish(page: Page, scene: Scene) -> None:
    """Ask for the three files although the notice is not written."""
    page.get_by_role("button", name="生成三份文件，去签名发布").click()
    page.locator("[data-error-summary]").wait_for()


def seal_nothing(page: Page, scene: Scene) -> None:
    """Seal without having chosen anything."""
    page.get_by_role("button", name="加密并签名").click()
    expect(page.locator("[data-seal-status]")).to_contain_text("证书")


def fail_nobody(page: Page, scene: Scene) -> None:
    """Record a failure of nobody for no reason."""
    page.locator('[data-task="record_decryption_failure"] button[type=submit]').click()
    page.locator("[data-failed]").wait_for()


def file_is_open(page: Page, scene: Scene) -> None:
    """Wait for the reader."""
    expect(page.locator("[data-count]")).to_have_text("共 3 页")
    expect(page.locator("[data-thumbs] button")).to_have_count(3)


def score_too_much(page: Page, scene: Scene) -> None:
    """More than the full mark."""
    sheet = page.locator("form[data-sheet*=score_business]").first
    sheet.get_by_label(BUSINESS_ITEM).fill("99")
    sheet.get_by_role("button", name="提交评分").click()
    page.locator("main .text-danger").first.wait_for()


def open_details(page: Page, scene: Scene) -> None:
    """Unfold the computation."""
    page.get_by_text("计算过程，逐步可复核").click()


def look_up(page: Page, scene: Scene) -> None:
    """Look for a digest that is in the log."""
    _look_up(page, Entry.objects.filter(stream=scene.stream).order_by("sequence")[0].leaf_hash)


def look_up_nothing(page: Page, scene: Scene) -> None:
    """Look for a digest that is not."""
    _look_up(page, "00" * 32)


def _look_up(page: Page, digest: str) -> None:
    page.locator("#digest").fill(digest)
    page.get_by_role("button", name="查找").click()
    page.locator("main section[role=status]").wait_for()


def wrong_mobile(page: Page, scene: Scene) -> None:
    """Half a telephone number."""
    page.get_by_label("手机号").fill("12345")
    page.get_by_role("button", name="保存").click()
    page.locator("main .text-danger").first.wait_for()


def wrong_password(page: Page, scene: Scene) -> None:
    """A password that opens nothing."""
    _by_password(page, "nobody", "wrong")
    page.locator("[data-error-summary]").wait_for()


def right_password(page: Page, scene: Scene) -> None:
    """The password of somebody with a second factor."""
    _by_password(page, account_of(scene.who("tenderer")).username, PASSWORD)
    page.wait_for_url("**/authenticate/")


def _by_password(page: Page, name: str, password: str) -> None:
    page.get_by_label("用户名", exact=True).fill(name)
    page.get_by_label("密码", exact=True).fill(password)
    page.locator("main").get_by_role("button", name="登录", exact=True).click()


def wrong_certificate(page: Page, scene: Scene) -> None:
    """A certificate with another password."""
    _by_certificate(page, scene, "wrong")
    expect(page.locator("[data-status]")).to_contain_text("证书密码不正确")


def two_handlers(page: Page, scene: Scene) -> None:
    """The certificate of an organisation with two handlers."""
    _by_certificate(page, scene, FILE_PASSWORD)
    page.get_by_role("heading", name="您是哪一位经办人").wait_for()


def _by_certificate(page: Page, scene: Scene, password: str) -> None:
    body = key_file(scene.who("agency").signing)
    file = {"name": "certificate.p12", "mimeType": "application/x-pkcs12", "buffer": body}
    page.get_by_label("证书文件").set_input_files(file)
    page.get_by_label("证书密码").fill(password)
    page.get_by_role("button", name="用证书登录").click()
