from django.db import migrations

from yangguang.witness.triggers import EveryEntryWaits


class Migration(migrations.Migration):
    dependencies = [("witness", "0002_append_only")]
    operations = [EveryEntryWaits()]
