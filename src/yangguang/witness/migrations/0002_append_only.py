from django.db import migrations

from yangguang.witness.triggers import AppendOnly

TABLES = ("entry", "sealedentry", "leaf", "node", "checkpoint", "securityevent", "evidence")


class Migration(migrations.Migration):
    dependencies = [("witness", "0001_initial")]
    operations = [AppendOnly(f"witness_{table}") for table in TABLES]
