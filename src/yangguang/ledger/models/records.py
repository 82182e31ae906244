"""Records: one row of any register, with the columns that the engines share.

An event, a task, a letter, a matter and an assessment are all records; what a register asks for besides stands in
`fields`, by the keys of its catalogue entry. Nothing is deleted: a record is cancelled with a reason, and what stood
before a correction stands in `Revision`.
"""

from django.db import models

from yangguang.ledger.models.units import Unit
from yangguang.parties.models import Person
from yangguang.witness.models import Evidence


class State(models.TextChoices):
    """Where a record stands. Only what is `done` counts as held; a matter that is `open` counts as received."""

    PLANNED = "planned", "计划"
    OPEN = "open", "办理中"
    DONE = "done", "完成"
    CANCELLED = "cancelled", "取消"


class Record(models.Model):
    """台账记录: `day` is the legal date on which it counts, `entered_at` the moment at which it was really entered."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="records")
    register = models.CharField("台账", max_length=40)
    kind = models.CharField("种类", max_length=40, blank=True, default="")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField("编号")
    title = models.CharField("名称", max_length=200)
    day = models.DateField("日期")
    begins = models.DateTimeField("开始时间", null=True, blank=True)
    ends = models.DateTimeField("结束时间", null=True, blank=True)
    place = models.CharField("地点", max_length=120, blank=True, default="")
    chair = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    recorder = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    due_on = models.DateField("办结期限", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    amount = models.DecimalField("金额（元）", max_digits=15, decimal_places=2, null=True, blank=True)
    quantity = models.DecimalField("数量", max_digits=15, decimal_places=2, null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices)
    fields = models.JSONField(default=dict)
    origin = models.CharField("来源", max_length=80, default="form", help_text="form, import, or stream and sequence")
    key = models.CharField(max_length=64, blank=True, default="", help_text="of an imported row, so that it comes once")
    is_late = models.BooleanField("补录", default=False)
    entered_at = models.DateTimeField("录入时间")
    entered_by = models.CharField(max_length=24)
    reason = models.CharField("取消或更正的原因", max_length=200, blank=True, default="")
    entry = models.PositiveIntegerField("见证序号", default=0)
    typed = models.PositiveSmallIntegerField("人工填写项", default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("unit", "register", "year", "number"), name="record_number_once"),
            models.UniqueConstraint(
                fields=("unit", "register", "key"), condition=~models.Q(key=""), name="record_imported_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(begins__lte=models.F("ends")), name="record_times"
            ),
        )
        indexes = (
            models.Index(fields=("register", "day"), name="record_register_day"),
            models.Index(fields=("unit", "register", "day"), name="record_unit_register_day"),
            models.Index(fields=("due_on",), name="record_due"),
        )

    def __str__(self) -> str:
        return self.title


class Tag(models.Model):
    """标签: one record may count under several headings, and once in each."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="tags")
    tag = models.CharField(max_length=40)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("record", "tag"), name="tag_once"),)
        indexes = (models.Index(fields=("tag",), name="tag_text"),)


class Attendance(models.Model):
    """出席: whether somebody was due and was present; taken once, whatever it is counted for."""

    class Via(models.TextChoices):
        """How it is known."""

        ROLL = "roll", "点名"
        BOOKING = "booking", "场所预约"
        ONLINE = "online", "线上会议"
        IMPORT = "import", "导入"

    record = models.ForeignKey(Record, models.PROTECT, related_name="attendances")
    person = models.ForeignKey(Person, models.PROTECT, related_name="attendances")
    is_due = models.BooleanField("应到", default=True)
    is_present = models.BooleanField("实到", default=False)
    is_voter = models.BooleanField("有表决权", default=False)
    via = models.CharField(max_length=10, choices=Via.choices, default=Via.ROLL)
    reason = models.CharField("缺席原因", max_length=100, blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("record", "person"), name="attendance_once"),)


class Link(models.Model):
    """关联: a record points at another, or at a trade's entry in the log (`stream`, `sequence`)."""

    class Kind(models.TextChoices):
        """What for."""

        EVIDENCE = "evidence", "佐证"
        ANSWERS = "answers", "答复"
        FOLLOWS = "follows", "落实"
        SERVES = "serves", "服务项目"

    record = models.ForeignKey(Record, models.PROTECT, related_name="links")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    target = models.ForeignKey(Record, models.PROTECT, null=True, related_name="linked_from")
    stream = models.CharField(max_length=64, blank=True, default="")
    sequence = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("record", "kind", "target", "stream", "sequence"), name="link_once"),
        )


class Signature(models.Model):
    """签署: who should sign a letter, a pledge or a statement, and when they did it in one click."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="signatures")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("record", "person"), name="signature_once"),)


class Ballot(models.Model):
    """无记名票: what one ballot says; nothing ties it to a person or to a moment."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="ballots")
    mark = models.CharField(max_length=24, unique=True, help_text="random, so that the order of rows tells nothing")
    choices = models.JSONField()


class Attachment(models.Model):
    """佐证材料: a file of a record, addressed by its digest; never compulsory."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("record", "evidence"), name="attachment_once"),)


class Revision(models.Model):
    """更正留痕: what a record said before a correction; append-only."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="revisions")
    before = models.JSONField()
    at = models.DateTimeField()
    by = models.CharField(max_length=24)
    reason = models.CharField(max_length=200)
