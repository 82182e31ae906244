from collections.abc import Sequence

import django.db.models.deletion
from django.db import migrations, models

from yangguang.witness.triggers import AppendOnly


class StillAppendOnly(AppendOnly):
    """SQLite made the table anew for its new column and forgot the triggers; PostgreSQL kept them."""

    def statements(self, vendor: str) -> Sequence[str]:
        """The triggers that are gone."""
        return super().statements(vendor) if vendor == "sqlite" else ()


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0001_initial"),
        ("trading", "0003_forfeiture_and_interest"),
    ]

    operations = [
        migrations.CreateModel(
            name="Replacement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("recusal", "有回避事由"),
                            ("left_post", "擅离职守"),
                            ("unable", "因健康等原因不能继续评标"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="replacement", to="trading.member"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="candidate",
            name="after",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="tender",
            name="discipline",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.organisation"
            ),
        ),
        migrations.AddField(
            model_name="tender",
            name="supervision_line",
            field=models.CharField(
                blank=True,
                choices=[
                    ("housing", "住房城乡建设"),
                    ("transport", "交通运输"),
                    ("water", "水利"),
                    ("industry", "工业和信息化"),
                    ("railway", "铁路"),
                    ("civil_aviation", "民航"),
                    ("commerce", "商务"),
                    ("energy", "能源"),
                    ("agriculture", "农业农村"),
                    ("nature", "自然资源"),
                    ("development", "发展改革"),
                    ("other", "其他"),
                ],
                max_length=20,
                verbose_name="监督条线",
            ),
        ),
        migrations.AddField(
            model_name="tender",
            name="supervisor",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.organisation"
            ),
        ),
        migrations.AlterField(
            model_name="candidate",
            name="bid",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="ranked", to="trading.bid"
            ),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.UniqueConstraint(fields=("bid", "after"), name="ranked_once"),
        ),
        AppendOnly("trading_replacement"),
        StillAppendOnly("trading_candidate"),
    ]
