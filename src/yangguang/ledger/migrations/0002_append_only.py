from django.db import migrations

from yangguang.witness.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        AppendOnly("ledger_revision"),
        AppendOnly("ledger_look"),
        AppendOnly("ledger_signoff"),
    ]
