import django.db.models.deletion
from django.db import migrations, models

from yangguang.witness.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("trading", "0004_replaced_members_and_supervisors"),
        ("witness", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="openedbid",
            name="rescue",
            # Without a default SQLite adds the column in place, and the table keeps its triggers.
            field=models.JSONField(
                help_text="解密救援: whose shares opened it, whose were wrong; null without", null=True
            ),
        ),
        migrations.CreateModel(
            name="RescueRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "bid",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rescue_request", to="trading.bid"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RescueShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("trustee", models.CharField(max_length=200, verbose_name="受托人")),
                ("at", models.DateTimeField()),
                (
                    "bid",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rescue_shares", to="trading.bid"
                    ),
                ),
                ("evidence", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="witness.evidence")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("bid", "trustee"), name="rescue_share_once")],
            },
        ),
        AppendOnly("trading_rescuerequest"),
        AppendOnly("trading_rescueshare"),
    ]
