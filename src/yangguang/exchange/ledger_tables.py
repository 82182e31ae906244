"""The tables of the ledger beside its registers: units, roll, attendance, signatures, links, files, history."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q

from yangguang.exchange.sheets import Kind
from yangguang.exchange.tables import (
    AT_ONCE,
    People,
    Scope,
    Table,
    Told,
    around,
    as_json,
    named,
    of_record,
    path_of,
    plain,
    register_name,
    shown,
)
from yangguang.ledger.models import (
    Attachment,
    Attendance,
    Ballot,
    Link,
    Look,
    Post,
    Record,
    Revision,
    Signature,
    SignOff,
    Unit,
)

JOINED = "joined_on"


def _units(scope: Scope) -> Iterable[Unit]:
    return Unit.objects.filter(path__startswith=scope.unit.path).select_related("organisation").order_by("path")


def _posts(scope: Scope) -> Iterable[Post]:
    held = Post.objects.filter(unit__path__startswith=scope.unit.path).select_related("unit", "person")
    return held.order_by("unit__path", "since", "pk").iterator(chunk_size=AT_ONCE)


def _ballots(scope: Scope) -> Iterable[Record]:
    """Records with ballots in their box: counted, and never a ballot."""
    due, voted = Q(attendances__is_due=True), Q(attendances__is_due=True, attendances__is_present=True)
    counted = scope.records().annotate(
        box=Count("ballots", distinct=True), due=Count("attendances", filter=due, distinct=True),
        voted=Count("attendances", filter=voted, distinct=True),
    )  # fmt: skip
    return counted.filter(box__gt=0).order_by("register", "day", "pk")


def _looks(scope: Scope) -> Iterable[Look]:
    seen = scope.records().filter(scope.looks).values("pk")
    return Look.objects.filter(record__in=seen).select_related("record").order_by("record_id", "pk")


def _signoffs(scope: Scope) -> Iterable[SignOff]:
    kept = SignOff.objects.filter(unit=scope.unit, register__in=[one.id for one in scope.registers])
    return kept.order_by("register", "first", "pk")


def _target(row: Link, scope: Scope, _: People) -> str | None:
    """Which list the other record stands in, and its number; never what it says."""
    other = row.target
    if other is None:
        return None
    where = f"{register_name(other.register)}{other.year}-{other.number}"
    return where if other.unit_id == scope.unit.pk else f"{other.unit.name}：{where}"


def _facts(row: Post, scope: Scope, _: People) -> str | None:
    """What the roll knows besides, for those who keep it: kinds of income are nobody else's business."""
    return as_json({key: value for key, value in row.facts.items() if key != JOINED}) if scope.personal else None


def _counted(key: str, label: str) -> Told:
    return Told(key=key, label=label, kind=Kind.INTEGER, of=lambda row, *_: getattr(row, key))


def _of_unit(key: str, label: str, of: str, *tells: str) -> Told:
    def read(row: Any, *_: object) -> Any:
        return getattr(row.unit, of)

    return Told(key=key, label=label, of=read, tells=tells)


UNITS = Table(
    id="units", name="组织", model=Unit, rows=_units, columns=(
        plain("code", "编码"), plain("name", "名称"), shown("kind", "类型"),
        Told(key="above", label="上级组织编码", of=lambda row, *_: (row.above or [None])[-1], tells=("path",)),
        Told(
            key="organisation", label="所属单位", tells=("organisation",),
            of=lambda row, *_: row.organisation.name if row.organisation else None,
        ),
        plain("region", "行政区划"), plain("opened_on", "成立日期", Kind.DATE),
        plain("closed_on", "撤销日期", Kind.DATE), plain("stream", "见证流"),
    ),
)  # fmt: skip
POSTS = Table(
    id="posts", name="名册和任职", model=Post, rows=_posts, columns=(
        _of_unit("unit", "组织编码", "code", "unit"), _of_unit("unit_name", "组织", "name"), named("person", "姓名"),
        Told(key="mark", label="人员编号", of=lambda row, *_: row.person.mark), shown("post", "职务或者党籍"),
        plain("since", "起始日期", Kind.DATE), plain("until", "终止日期", Kind.DATE),
        Told(key=JOINED, label="入党日期", of=lambda row, *_: row.facts.get(JOINED)),
        Told(key="facts", label="名册的其他内容", of=_facts, tells=("facts",)),
    ),
)  # fmt: skip
ATTENDANCES = Table(
    id="attendances", name="出席", model=Attendance, rows=around(Attendance, "person"), columns=(
        *of_record(), named("person", "姓名"), plain("is_due", "应到", Kind.FLAG),
        plain("is_present", "实到", Kind.FLAG), plain("is_voter", "有表决权", Kind.FLAG), shown("via", "怎样得知"),
        plain("reason", "缺席原因"),
    ),
)  # fmt: skip
SIGNATURES = Table(
    id="signatures", name="签署", model=Signature, rows=around(Signature, "person"),
    columns=(*of_record(), named("person", "姓名"), plain("signed_at", "签署时间", Kind.MOMENT)),
)  # fmt: skip
BALLOTS = Table(
    id="ballots", name="无记名投票的票数", model=Ballot, rows=_ballots, columns=(
        *of_record(record=""), _counted("due", "应投"), _counted("voted", "已投"), _counted("box", "票箱中的票"),
    ),
)  # fmt: skip
LINKS = Table(
    id="links", name="关联", model=Link, rows=around(Link, "target__unit"), columns=(
        *of_record(), shown("kind", "关系"), Told(key="target", label="所指记录", of=_target, tells=("target",)),
        plain("stream", "见证流"),
        Told(
            key="sequence", label="见证序号", kind=Kind.INTEGER, of=lambda row, *_: row.sequence or None,
            tells=("sequence",),
        ), plain("made_at", "关联时间", Kind.MOMENT),
    ),
)  # fmt: skip
ATTACHMENTS = Table(
    id="attachments", name="佐证材料", model=Attachment, rows=around(Attachment, "evidence"), columns=(
        *of_record(), plain("name", "材料名称"),
        Told(key="sha256", label="SHA-256", of=lambda row, *_: row.evidence.sha256, tells=("evidence",)),
        Told(key="sm3", label="SM3", of=lambda row, *_: row.evidence.sm3),
        Told(key="size", label="字节数", kind=Kind.INTEGER, of=lambda row, *_: row.evidence.size),
        Told(key="media_type", label="文件类型", of=lambda row, *_: row.evidence.media_type),
        Told(key="file", label="包中的文件", of=lambda row, *_: path_of(row.evidence, name=row.name)),
    ),
)  # fmt: skip
REVISIONS = Table(
    id="revisions", name="更正留痕", model=Revision, rows=around(Revision), columns=(
        *of_record(), plain("at", "更正时间", Kind.MOMENT), named("by", "更正人"), plain("reason", "原因"),
        Told(key="before", label="更正前的内容", of=lambda row, *_: as_json(row.before), tells=("before",)),
    ),
)  # fmt: skip
LOOKS = Table(
    id="looks", name="调阅记录", model=Look, rows=_looks,
    columns=(*of_record(), named("person", "调阅人"), plain("at", "调阅时间", Kind.MOMENT)),
)  # fmt: skip
SIGNOFFS = Table(
    id="signoffs", name="零报告签核", model=SignOff, rows=_signoffs, columns=(
        _of_unit("unit", "组织编码", "code", "unit"), plain("register", "台账编号"),
        Told(key="register_name", label="台账", of=lambda row, *_: register_name(row.register)),
        plain("first", "期间的第一天", Kind.DATE), plain("last", "期间的最后一天", Kind.DATE),
        named("by", "签核人"), plain("at", "签核时间", Kind.MOMENT),
    ),
)  # fmt: skip
TABLES = (
    UNITS, POSTS, ATTENDANCES, SIGNATURES, BALLOTS, LINKS, ATTACHMENTS, REVISIONS, LOOKS, SIGNOFFS,
)  # fmt: skip
