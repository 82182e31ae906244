import django.db.models.deletion
from django.db import migrations, models

from yangguang.witness.triggers import AppendOnly

TABLES = ("witnessrecord", "recording", "anomaly", "anomalyclosing", "letter", "letterreply")


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0001_initial"),
        ("trading", "0005_rescue"),
        ("witness", "0004_entry_leaf_hash"),
    ]

    operations = [
        migrations.CreateModel(
            name="Anomaly",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("item", models.CharField(blank=True, max_length=60, verbose_name="见证事项")),
                ("stage", models.CharField(max_length=40, verbose_name="阶段")),
                ("seen", models.TextField(verbose_name="发现的情况")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.person",
                        verbose_name="见证人",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("sequence", models.PositiveIntegerField(verbose_name="见证记录序号")),
                (
                    "concerns",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.organisation",
                        verbose_name="涉及单位",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="witness.evidence"
                    ),
                ),
                (
                    "trade",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="anomalies", to="trading.trade"
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="AnomalyClosing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("conclusion", models.TextField(verbose_name="办结情况")),
                ("at", models.DateTimeField()),
                ("sequence", models.PositiveIntegerField(verbose_name="见证记录序号")),
                (
                    "anomaly",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="closing", to="trading.anomaly"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("organ", models.CharField(max_length=18, verbose_name="发函机关")),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("asks", models.TextField(verbose_name="要求")),
                ("reply_by", models.DateField(verbose_name="回复期限")),
                ("at", models.DateTimeField()),
                ("sequence", models.PositiveIntegerField(verbose_name="见证记录序号")),
                (
                    "anomaly",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="trading.anomaly"
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="witness.evidence"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="LetterReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("sequence", models.PositiveIntegerField(verbose_name="见证记录序号")),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="witness.evidence"
                    ),
                ),
                (
                    "letter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reply", to="trading.letter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WitnessRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("manual", "人工查验"),
                            ("system", "系统记录"),
                            ("note", "人工记事"),
                            ("recording", "录音录像"),
                        ],
                        max_length=12,
                        verbose_name="方式",
                    ),
                ),
                ("item", models.CharField(blank=True, max_length=60, verbose_name="见证事项")),
                ("stage", models.CharField(max_length=40, verbose_name="阶段")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("normal", "正常"), ("abnormal", "异常"), ("not_applicable", "不适用")],
                        max_length=20,
                        verbose_name="结果",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="记事")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.person",
                        verbose_name="见证人",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("sequence", models.PositiveIntegerField(verbose_name="见证记录序号")),
                (
                    "evidence",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="witness.evidence"
                    ),
                ),
                (
                    "trade",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="witness_records", to="trading.trade"
                    ),
                ),
            ],
            options={
                "ordering": ("sequence",),
            },
        ),
        migrations.CreateModel(
            name="Recording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("room", models.CharField(max_length=60, verbose_name="房间")),
                ("starts", models.DateTimeField()),
                ("ends", models.DateTimeField()),
                ("file_index", models.CharField(max_length=200, verbose_name="文件索引")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recording",
                        to="trading.witnessrecord",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="anomaly",
            constraint=models.UniqueConstraint(fields=("trade", "number"), name="anomaly_once"),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(fields=("organ", "year", "number"), name="letter_number_once"),
        ),
        *(AppendOnly(f"trading_{table}") for table in TABLES),
    ]
