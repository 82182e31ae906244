"""Every page that somebody looks at (页面图册): one table, by the scenes in which the pages are looked at.

A page is one line: the name of its pictures, its Chinese title, where it is, and who looks (nobody: a stranger).

    Shown("hall-listed", "开标大厅：名单已公布", "/trades/{stream}/opening/", "centre"),

The view is what the address resolves to. `{stream}` is the scene's trade; other names come from the scene's `before`.
A page that only appears after something was done says what (`do`), and the address it then has (`view`). The browser
walks all of it (test_web_gallery_browser.py); test_web_gallery.py tells which address or template is missing here.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from support import gallery_scenes as so
from support.browser import House
from support.gallery_party import party_settings
from support.scenes import Scene
from support.stages import PUBLISHED, SIGNED_BY_ALL, trade_at
from trading.act_samples import BY_NAME
from trading.samples_base import nothing
from yangguang.trading.models.tenders import CENTRE_ACTS
from yangguang.trading.stages import Stage
from yangguang.web.acts.pages import FORMS, PAGES

TRADE = "/trades/{stream}/"
Names = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Shown:
    """One page. `by` is a kind of `Scene.who`; `do` what is done on it first, `view` the address that this leads to."""

    name: str
    title: str
    path: str
    by: str = ""
    do: Callable[[Page, Scene], Any] | None = None
    view: str = ""

    def view_name(self) -> str:
        """The name of its address in `web/access.py`; "" for pages that have none (errors)."""
        anything: defaultdict[str, str] = defaultdict(lambda: "1")
        try:
            return self.view or resolve(self.path.format_map(anything).partition("?")[0]).view_name
        except Resolver404:
            return ""


@dataclass(frozen=True, slots=True)
class Setting:
    """Pages that are looked at in one scene; `before` readies it and may give names for the addresses."""

    key: str
    title: str
    point: str
    shown: tuple[Shown, ...]
    before: Callable[[Scene], Names | None] = field(default=lambda _: None)
    at: datetime | None = None
    is_pictured: bool = True

    def scene(self, house: House | None = None) -> tuple[Scene, dict[str, object]]:
        """The scene, with the server's clock at its moment, and the names that the addresses may use."""
        scene = house.trade_at(self.point, at=self.at) if house else trade_at(self.point, at=self.at)
        given = dict(self.before(scene) or {})
        return scene, {"stream": scene.stream, "centre": scene.cast.centre.stream, **given}


PORTAL = (
    ("home", "首页", "/"),
    ("trades", "交易公开", "/trades/"),
    ("notices", "公告", "/notices/"),
    ("statistics", "统计", "/statistics/"),
    ("trade", "项目：中标候选人公示", TRADE),
    ("entry", "见证记录", TRADE + "entries/{sequence}/"),
    ("log", "见证日志", "/log/"),
    ("log-entry", "日志记录和存在证明", "/log/entries/1/"),
    ("log-growth", "核对日志只增不改", "/log/growth/?old=2&new=5"),
    ("verify", "自己验证", "/verify/"),
)

_SETTINGS = (
    Setting("empty", "还没有公告的时候", Stage.REGISTERED, (
        Shown("home-empty", "首页：还没有公告", "/"),
        Shown("trades-empty", "交易公开：没有符合条件的项目", "/trades/"),
        Shown("notices-empty", "公告：没有符合条件的公告", "/notices/?kind=result"),
        Shown("statistics-empty", "统计：还没有数字", "/statistics/"),
        Shown("log-empty", "见证日志：还没有记录", "/log/"),
        Shown("log-growth-wrong", "核对日志只增不改：条数不对", "/log/growth/?old=9&new=1"),
        Shown("desk-empty", "工作台：没有待办", "/desk/", "supplier"),
        Shown("desk-news-empty", "通知：没有通知", "/desk/news/", "supplier"),
        Shown("error-404", "没有找到", "/nowhere/"),
        Shown("error-403", "没有权限", "/centre/", "bidder"),
        Shown("demo", "演示：切换身份", "/demo/"),
        Shown("register-wrong", "进场登记：填写有误", "/trades/{centre}/do/register_tender/", "centre", so.go_on),
        Shown("document-review", "公平竞争审查", TRADE + "document/review/", "agency"),
        Shown("document-review-wrong", "公平竞争审查：还没有答完", TRADE + "document/review/", "agency", so.go_on),
    ), so.demo_accounts),
    Setting("writing", "编制招标文件", Stage.REVIEWED, (
        Shown("document", "编制招标文件", TRADE + "document/", "agency"),
        Shown("document-wrong", "编制招标文件：还不能发布", TRADE + "document/", "agency", so.publish),
    )),
    Setting("bidding", "招标投标", Stage.BIDDING, (
        Shown("trade-bidding", "项目：招标投标，投标人所见", TRADE, "bidder"),
        Shown("trade-agency", "项目：招标代理可以办理的", TRADE, "agency"),
        Shown("document-change", "澄清和修改招标文件", TRADE + "document/change/", "agency"),
        Shown("bidding", "投标：已递交", TRADE + "bid/", "bidder"),
        Shown("bidding-start", "投标：尚未递交", TRADE + "bid/", "supplier"),
        Shown("bidding-wrong", "投标：没有选择证书", TRADE + "bid/", "supplier", so.seal_nothing),
        Shown("bid-result", "投标：已收到并封存", "/uploads/{upload}/result/", "bidder"),
        Shown("bid-result-wrong", "投标：没有被接受", "/uploads/{refused}/result/", "bidder"),
        Shown("hall-before", "开标大厅：截止之前", TRADE + "opening/", "bidder"),
        Shown("desk-bidder", "工作台：投标人", "/desk/", "bidder"),
    ), so.uploads),
    Setting("published", "公告发布之后", PUBLISHED, (
        Shown("trade-published", "项目：公众所见", TRADE),
        Shown("act-done-sealed", "已办理：封存的事项", "{done}", "supplier", view="act-done"),
    ), so.download),
    Setting("organisations", "主体登记", PUBLISHED, (
        Shown("organisations", "主体核验和查找", "/organisations/", "centre"),
        Shown("organisation", "单位：人员、授权和证书", "/organisations/{code}/", "centre"),
        Shown("organisation-apply-first", "申请登记：请先证明您是谁", "/organisations/apply/"),
        Shown("organisation-apply", "申请登记", "/organisations/apply/", "supplier"),
        Shown("organisation-apply-wrong", "申请登记：填写有误", "/organisations/apply/", "supplier", so.go_on),
    ), so.applications),
    Setting("opening", "开标：抽取参数", Stage.LISTED, (
        Shown("hall-draw", "开标大厅：抽取参数", TRADE + "opening/", "centre"),
        Shown("centre", "中心值守：今日开标", "/centre/", "centre"),
        Shown("screen", "数据大屏", "/screen/"),
        Shown("centre-rules", "规则表", "/centre/rules/", "centre"),
        Shown("centre-corrections", "更正记录", "/centre/corrections/", "centre"),
        Shown("centre-holidays", "工作日历", "/centre/holidays/", "supervisor"),
        Shown("centre-roots", "认可的 CA", "/centre/roots/", "centre"),
    ), so.draw_begins),
    Setting("decrypting", "开标：解密", Stage.DECRYPTING, (
        Shown("hall-host", "开标大厅：主持人", TRADE + "opening/", "agency"),
        Shown("hall-host-wrong", "开标大厅：填写有误", TRADE + "opening/", "agency", so.fail_nobody, "hall-do"),
        Shown("hall-bidder", "开标大厅：投标人解密", TRADE + "opening/", "bidder2"),
        Shown("hall", "开标大厅：公众", TRADE + "opening/"),
        Shown("hall-screen", "开标大厅大屏：解密", TRADE + "opening/screen/"),
        Shown("bidding-decrypting", "投标：解密", TRADE + "bid/", "bidder2"),
    ), so.one_decrypts),
    Setting("announced", "开标：唱标和异议", Stage.ANNOUNCED, (
        Shown("hall-announced", "开标大厅：唱标表和异议", TRADE + "opening/", "agency"),
        Shown("hall-screen-announced", "开标大厅大屏：唱标", TRADE + "opening/screen/"),
        Shown("act-check", "核对并签名", "{check}", "tenderer", view="act-check"),
        Shown("act-done", "已办理", "{done}", "bidder", view="act-done"),
        Shown("act-wrong", "办理：填写有误", TRADE + "do/object_at_opening/", "bidder2", so.go_on),
    ), so.objection_and_drafts),
    Setting("too-few", "投标人不足三个", Stage.TOO_FEW, (
        Shown("hall-too-few", "开标大厅：不得开标", TRADE + "opening/"),
        Shown("trade-too-few", "项目：投标人不足三个", TRADE, "agency"),
    )),
    Setting("suspended", "暂停", Stage.SUSPENDED, (
        Shown("trade-suspended", "项目：暂停", TRADE, "supervisor"),
        Shown("desk-supervisor", "工作台：行政监督，需要关注的", "/desk/", "supervisor"),
    ), so.in_log),
    Setting("drawing", "抽取评标专家", Stage.OPENED, (
        Shown("draw", "抽取评标专家：中心通知", TRADE + "draw/", "centre"),
        Shown("draw-watched", "抽取评标专家：监督所见", TRADE + "draw/", "supervisor"),
    ), so.expert_declines),
    Setting("seating", "评标委员会签到", Stage.DRAWN, (
        Shown("room-before", "评标室：签到之前", TRADE + "room/", "seat2"),
        Shown("room-in-person", "评标室：请改为个人身份", TRADE + "room/", "seat1"),
        Shown("desk-expert", "工作台：评标专家", "/desk/", "seat2"),
    ), so.works_for_somebody),
    Setting("reviewing", "初步评审", Stage.REVIEWING, (
        Shown("room-review", "评标室：初步评审", TRADE + "room/", "chair"),
        Shown("room-watched", "评标室：旁观", TRADE + "room/", "supervisor"),
        Shown("room-file", "评标室：阅读投标文件", TRADE + "room/files/{mark}/{number}/", "seat2", so.file_is_open),
    ), so.pdfs),
    Setting("witnessing", "见证", Stage.REVIEWING, (
        Shown("witness-console", "见证工作台", "/centre/witness/", "centre"),
        Shown("witness", "见证：项目的见证清单", TRADE + "witness/", "centre"),
        Shown("witness-watched", "见证：监督所见", TRADE + "witness/", "supervisor"),
        Shown("witness-record", "见证记录：打印", TRADE + "witness/record/", "centre"),
        Shown("letters", "函告", TRADE + "letters/", "tenderer"),
    ), so.letter),
    Setting("scoring", "详细评审", Stage.SCORING, (
        Shown("room-scoring", "评标室：评分", TRADE + "room/", "seat2"),
        Shown("room-scoring-wrong", "评标室：分数超出满分", TRADE + "room/", "seat3", so.score_too_much, "room-do"),
    ), so.pdfs),
    Setting("ranked", "评标汇总", Stage.RANKED, (
        Shown("room-ranked", "评标室：汇总和计算过程", TRADE + "room/", "supervisor", so.open_details),
    )),
    Setting("reporting", "签署评标报告", SIGNED_BY_ALL, (
        Shown("room-reporting", "评标室：签署报告", TRADE + "room/", "chair"),
    )),
    Setting("publicity", "中标候选人公示：门户", Stage.PUBLICITY, (
        *(Shown(name, title, path) for name, title, path in PORTAL),
        *(Shown(f"en-{name}", f"英文：{title}", f"/en{path}") for name, title, path in PORTAL),
        Shown("verify-found", "自己验证：摘要已在日志中", "/verify/", "", so.look_up),
        Shown("verify-wrong", "自己验证：没有找到", "/verify/", "", so.look_up_nothing),
        Shown("trade-tenderer", "项目：招标人可以办理的", TRADE, "tenderer"),
        Shown("act-refused", "不予受理", TRADE + "do/award/", "tenderer"),
        Shown("desk-tenderer", "工作台：招标人", "/desk/", "tenderer"),
        Shown("desk-centre", "工作台：中心", "/desk/", "centre"),
        Shown("desk-news", "通知", "/desk/news/", "tenderer"),
        Shown("desk-contact", "提醒方式", "/desk/contact/", "tenderer"),
        Shown("desk-contact-wrong", "提醒方式：填写有误", "/desk/contact/", "tenderer", so.wrong_mobile),
    ), so.neighbours),
    Setting("contract", "订立合同", Stage.NOTIFIED, (
        Shown("contract", "会签合同", TRADE + "contract/", "bidder"),
        Shown("trade-winner", "项目：中标人可以办理的", TRADE, "bidder"),
    ), so.contract_waits),
    Setting("archived", "已归档", Stage.ARCHIVED, (
        Shown("trade-archived", "项目：已归档", TRADE),
        Shown("bonds", "投标保证金", TRADE + "bonds/", "supervisor"),
        Shown("en-trade-archived", "英文：项目：已归档", f"/en{TRADE}"),
        Shown("entry-archived", "见证记录：归档后公开的内容", TRADE + "entries/{sequence}/"),
    ), so.concealed_entry),
    Setting("signing-in", "登录", Stage.REGISTERED, (
        Shown("account-login", "登录", "/account/login/"),
        Shown("account-login-wrong", "登录：密码不正确", "/account/login/", "", so.wrong_password),
        Shown("account-second-step", "第二步验证", "/account/login/", "", so.right_password, "mfa_authenticate"),
        Shown("account-inactive", "账户已停用", "/account/inactive/"),
        Shown("certificate", "用数字证书登录", "/account/certificate/"),
        Shown("certificate-wrong", "用数字证书登录：密码不正确", "/account/certificate/", "", so.wrong_certificate),
        Shown("certificate-choose", "用数字证书登录：选择经办人", "/account/certificate/", "", so.two_handlers,
              "certificate-choose"),
    ), so.second_factors),
    Setting("account", "账户", Stage.REGISTERED, (
        Shown("me", "账户", "/account/me/", "tenderer"),
        Shown("account-password", "修改密码", "/account/password/", "tenderer"),
        Shown("account-password-set", "设置密码", "/account/password/set/", "agency"),
        Shown("account-reauthenticate", "确认是您本人：密码", "/account/reauthenticate/", "tenderer"),
        Shown("mfa-reauthenticate", "确认是您本人：动态码", "/account/mfa/reauthenticate/", "tenderer"),
        Shown("mfa-reauthenticate-passkey", "确认是您本人：通行密钥", "/account/mfa/passkeys/reauthenticate/",
              "tenderer"),
        Shown("mfa", "双因素登录：已启用", "/account/mfa/", "tenderer"),
        Shown("mfa-none", "双因素登录：未启用", "/account/mfa/", "agency"),
        Shown("mfa-totp", "启用动态码", "/account/mfa/totp/activate/", "agency"),
        Shown("mfa-totp-off", "停用动态码", "/account/mfa/totp/deactivate/", "tenderer"),
        Shown("mfa-codes", "恢复码", "/account/mfa/codes/", "tenderer"),
        Shown("mfa-codes-new", "生成恢复码", "/account/mfa/codes/generate/", "tenderer"),
        Shown("mfa-passkeys", "通行密钥", "/account/mfa/passkeys/", "tenderer"),
        Shown("mfa-passkey-add", "添加通行密钥", "/account/mfa/passkeys/add/", "tenderer"),
        Shown("mfa-passkey-name", "通行密钥改名", "/account/mfa/passkeys/{passkey}/edit/", "tenderer"),
        Shown("mfa-passkey-remove", "删除通行密钥", "/account/mfa/passkeys/{passkey}/remove/", "tenderer"),
    ), so.second_factors),
)  # fmt: skip

FORMS_SHOWN = sorted(name for name in FORMS if name in BY_NAME)


def _form(name: str) -> Shown:
    return Shown(f"act-{name}", f"办理：{PAGES[name].title}", f"{TRADE}do/{name}/", BY_NAME[name].by[0])


def _forms() -> tuple[Setting, ...]:
    """The form of every act where its sample is done; samples that need nothing before share a scene."""
    shared: dict[tuple[str, datetime | None, Any], list[Shown]] = {}
    for name in FORMS_SHOWN:
        sample = BY_NAME[name]
        alone = name if sample.before is not nothing else ""
        shared.setdefault((sample.stage, sample.at, alone), []).append(_form(name))
    return tuple(_act_setting(*key, shown=tuple(rows)) for key, rows in shared.items())


def _act_setting(point: str, at: datetime | None, alone: str, *, shown: tuple[Shown, ...]) -> Setting:
    def before(scene: Scene) -> None:
        if alone:
            BY_NAME[alone].before(scene, BY_NAME[alone].by[0])

    key = f"form-{alone or point}{f'-{at:%m%d}' if at and not alone else ''}"
    return Setting(
        key, f"办理页：{PAGES[shown[0].name.removeprefix('act-')].title}等", point, shown, before, at, is_pictured=False
    )


def _centre_forms() -> Setting:
    """The form of every act on the centre itself."""
    names = sorted(CENTRE_ACTS & set(FORMS))
    rows = [
        Shown(f"act-{name}", f"办理：{PAGES[name].title}", f"/trades/{{centre}}/do/{name}/", "centre") for name in names
    ]
    return Setting("form-centre", "办理页：中心", Stage.REGISTERED, tuple(rows), is_pictured=False)


_PARTY = tuple(
    Setting(
        key, title, Stage.REGISTERED, tuple(Shown(*row) for row in rows), before, is_pictured=not key.endswith("-more")
    )
    for key, title, before, rows in party_settings()
)
GALLERY = (*_SETTINGS, *_PARTY, _centre_forms(), *_forms())
PICTURED = tuple(setting for setting in GALLERY if setting.is_pictured)  # the plain forms are alike
