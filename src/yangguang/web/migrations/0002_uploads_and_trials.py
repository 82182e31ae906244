import django.db.models.deletion
import yangguang.web.bidding.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0001_initial"),
        ("witness", "0003_pending_by_trigger"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Trial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("organisation", models.CharField(max_length=18, verbose_name="单位")),
                ("sealed", models.CharField(max_length=64, verbose_name="密封文件 SHA-256")),
                ("tried_at", models.DateTimeField()),
                ("is_opened", models.BooleanField(verbose_name="能打开")),
                ("certificate", models.CharField(blank=True, max_length=200, verbose_name="证书")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organisation", "sealed"), name="trial_newest_only")],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "token",
                    models.CharField(default=yangguang.web.bidding.models.upload_token, max_length=32, unique=True),
                ),
                ("organisation", models.CharField(max_length=18, verbose_name="所代表单位")),
                ("stream", models.CharField(max_length=60)),
                ("act", models.CharField(max_length=30)),
                ("size", models.BigIntegerField(help_text="bytes of the whole file")),
                ("offset", models.BigIntegerField(default=0, help_text="bytes that are on the disk")),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "completed_at",
                    models.DateTimeField(help_text="when the last byte arrived: the moment that counts", null=True),
                ),
                ("settled_at", models.DateTimeField(help_text="when the act was performed or refused", null=True)),
                ("refusals", models.JSONField(default=list)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="witness.sealedentry",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["stream", "organisation"], name="upload_of"),
                    models.Index(
                        condition=models.Q(("completed_at__isnull", False), ("settled_at__isnull", True)),
                        fields=["stream"],
                        name="upload_to_settle",
                    ),
                ],
            },
        ),
    ]
