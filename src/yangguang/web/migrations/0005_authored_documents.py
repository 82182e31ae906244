from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0004_news_and_reminders"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuthoredDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stream", models.CharField(max_length=60)),
                ("organisation", models.CharField(max_length=18, verbose_name="单位")),
                ("typed", models.JSONField(default=dict, help_text="field → list of what was typed")),
                ("revision", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("stream", "organisation"), name="authored_once")],
            },
        ),
    ]
