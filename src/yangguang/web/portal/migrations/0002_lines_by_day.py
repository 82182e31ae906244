"""A line of business within days: the list is walked by the moment of publication."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="listed",
            index=models.Index(fields=["line", "published_at", "id"], name="listed_line_published"),
        ),
    ]
