"""A register as a sheet (台账模板): its columns come from the catalogue entry, so a new register needs nothing here.

Sealed fields stand in no template: the file of an import is kept as it came, and what is sealed may not lie in it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from yangguang.exchange.sheets import LONGEST_TITLE, NOT_IN_TITLES, TAKEN, Choice, Column, Kind, Sheet
from yangguang.ledger.catalogue import Field, FieldType, Register
from yangguang.ledger.values import COLUMN_TYPES, PEOPLE_LABELS
from yangguang.rules.refusal import Refusal, Refused

KINDS = {
    FieldType.TEXT: Kind.TEXT, FieldType.LONG: Kind.TEXT, FieldType.TEXTS: Kind.TEXT, FieldType.ADDRESS: Kind.TEXT,
    FieldType.WHOLE: Kind.INTEGER, FieldType.NUMBER: Kind.DECIMAL, FieldType.MONEY: Kind.DECIMAL,
    FieldType.DATE: Kind.DATE, FieldType.MOMENT: Kind.MOMENT, FieldType.CHOICE: Kind.CHOICE, FieldType.YES: Kind.FLAG,
    FieldType.PERSON: Kind.PERSON, FieldType.PERSONS: Kind.PERSONS,
}  # fmt: skip
# Who uses the shared columns and why nobody can derive them, where the catalogue has no words of its own.
USED = {
    "kind": ("台账分类、报告分类统计", "种类只有登记人知道"),
    "title": ("台账列表、报告名单", "名称由登记人起"),
    "day": ("报告期间归属、到期提醒", "发生日期只有登记人知道"),
    "begins": ("学时", "起止时间只有登记人知道"),
    "ends": ("学时", "起止时间只有登记人知道"),
    "place": ("会议记录、场所使用", "地点只有登记人知道"),
    "chair": ("会议记录、讲党课次数", "由谁主持只有登记人知道"),
    "recorder": ("会议记录", "由谁记录只有登记人知道"),
    "owner": ("到期提醒、任务分解", "由谁负责需要指定"),
    "parent": ("任务分解、逐级汇总", "归到哪一项由登记人确定"),
    "due_on": ("到期提醒、逾期提示", "期限由来文或者会议确定"),
    "amount": ("金额汇总", "金额以凭证为准"),
    "quantity": ("数量汇总", "数量只有登记人知道"),
    "tags": ("报告中的“其中”、各处共用统计", "内容属于哪些方面由登记人判断"),
    "present": ("到会核对、人次、学时", "谁到会只有现场知道"),
    "absent": ("缺席说明", "缺席原因只有本人知道"),
    "named": ("应到核对、签署提醒", "涉及哪些人由登记人确定"),
}
LABELS = {**PEOPLE_LABELS, "absent": "缺席原因"}
EVERYBODY = "全体"
HELP = {
    "parent": "填台账名称和编号，例如“三会一课2026-3”",
    "present": f"填姓名；名册上应到的都到了填“{EVERYBODY}”，缺席的写在“缺席原因”",
    "absent": "例如“甲某：出差；乙某：病假”",
    "named": "填姓名；名册应到的不用填",
}
# What the system knows of a stored record: stands in exports, and is never typed.
KEPT = {
    "kept_number": "编号", "kept_state": "状态", "kept_closed": "办结日期", "kept_result": "办理结果",
    "kept_reason": "取消或更正的原因", "kept_late": "补录", "kept_entered": "录入时间", "kept_by": "录入人",
    "kept_origin": "来源", "kept_entry": "见证序号",
}  # fmt: skip
NUMBER, DERIVED, SEALED = "kept_number", "derived_", "sealed_"
BY_SYSTEM = ("导出", "由系统得出，不用填写")


def sheet_of(register: Register) -> Sheet:
    """The template of a register: what people fill in, one row a record.

    Raises `Refused` for a register whose sealed content has to be entered: that is done on its form, one by one.
    """
    if any(one.sealed and one.required for one in register.asked):
        raise Refused(
            Refusal(
                code="exchange.sealed",
                reason=f"“{register.name}”有必须填写的密封内容，不能用表格导入",
                article="平台规则：密封内容",
                remedy="请在页面上逐条登记。",
            )
        )
    return _sheet(register, tuple(_typed(register)))


def export_sheet(register: Register) -> Sheet:
    """The same with what the system knows: number, state, entry time, derived columns, and 密封 where something is."""
    derived = [
        _column(f"{DERIVED}{key}", register.label_of(key), KINDS[COLUMN_TYPES[key]], BY_SYSTEM)
        for key in register.derives
    ]
    for one in register.fields:
        if one.sealed:
            derived.append(_column(f"{SEALED}{one.key}", one.label, Kind.TEXT, BY_SYSTEM))
        elif one.derived:
            derived.append(_column(f"{DERIVED}{one.key}", one.label, _kind_of(one), BY_SYSTEM, choices=_choices(one)))
    kept = [_column(key, label, Kind.TEXT, BY_SYSTEM) for key, label in KEPT.items()]
    return _sheet(register, tuple(_told_apart(chain(_typed(register), derived, kept))))


def _told_apart(columns: Iterable[Column]) -> Iterator[Column]:
    """A register may call a field of its own 来源 as well: what the system knows then says so."""
    taken: set[str] = set()
    for one in columns:
        yield replace(one, label=f"{one.label}（系统）") if one.label in taken else one
        taken.add(one.label)


def people_columns(register: Register) -> list[str]:
    """Which columns of people a register has: who came and why not, who is due or signs."""
    rolls = set(register.rolls.values()) - {""}
    columns = ["present", "absent"] if rolls else []
    if "named" in rolls or register.signers == "named":
        columns.append("named")
    return columns


def is_kept(key: str) -> bool:
    """Whether a column holds what the system knows and nobody types."""
    return key.startswith((DERIVED, SEALED)) or key in KEPT


def _sheet(register: Register, columns: tuple[Column, ...]) -> Sheet:
    title = "".join("－" if one in NOT_IN_TITLES else one for one in register.name)[:LONGEST_TITLE]
    return Sheet(title=f"{title}台账" if title in TAKEN else title, columns=columns)


def _used(register: Register, key: str) -> tuple[str, str]:
    """Who uses a shared column and why it is asked."""
    used, why = register.used.get(key, USED[key])
    return used, why


def _typed(register: Register) -> Iterator[Column]:
    if register.kinds:
        kinds = tuple(Choice(value=one, label=one) for one in register.kinds)
        required = len(kinds) > 1
        yield _column("kind", register.label_of("kind"), Kind.CHOICE, USED["kind"], choices=kinds, required=required)
    for key in ("day", "title", *register.columns):
        required = key in {"day", *register.requires} or (key == "title" and not register.title)
        yield _column(
            key,
            register.label_of(key),
            _shared_kind(key),
            _used(register, key),
            required=required,
            help=HELP.get(key, ""),
        )
    for one in register.asked:
        if not one.sealed:
            yield _column(
                one.key, one.label, _kind_of(one), (one.used_in, one.why), required=one.required,
                choices=_choices(one), help=_help(one),
            )  # fmt: skip
    if register.tags:
        words = "可以填几个，用顿号分开：" + "、".join(register.tags)
        yield _column("tags", register.label_of("tags"), Kind.TEXT, USED["tags"], help=words)
    for key in people_columns(register):
        kind = Kind.TEXT if key == "absent" else Kind.PERSONS
        yield _column(key, LABELS[key], kind, USED[key], help=HELP.get(key, ""))


def _shared_kind(key: str) -> Kind:
    return Kind.TEXT if key == "parent" else KINDS[COLUMN_TYPES[key]]


def _kind_of(one: Field) -> Kind:
    return KINDS[one.type]


def _choices(one: Field) -> tuple[Choice, ...]:
    return tuple(Choice(value=choice, label=choice) for choice in one.choices)


def _help(one: Field) -> str:
    several = "一行一项" if one.type is FieldType.TEXTS else ""
    return "；".join(part for part in (one.help, several) if part)


def _column(
    key: str, label: str, kind: Kind, used: tuple[str, str], *, choices: tuple[Choice, ...] = (),
    required: bool = False, help: str = "",  # noqa: A002 - the column's own word
) -> Column:  # fmt: skip
    return Column(
        key=key, label=label, kind=kind, used_by=used[0], why_typed=used[1], required=required, choices=choices,
        help=help,
    )  # fmt: skip
