import django.db.models.deletion
from django.db import migrations, models

from yangguang.witness.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("trading", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="Forfeiture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ground", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "evidence",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="witness.evidence"),
                ),
                (
                    "guarantee",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="forfeiture", to="trading.guarantee"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="objection",
            name="interest",
            field=models.ForeignKey(
                help_text="利害关系说明",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="witness.evidence",
            ),
        ),
        AppendOnly("trading_forfeiture"),
    ]
