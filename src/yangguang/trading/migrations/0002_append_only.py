from django.db import migrations

from yangguang.witness.triggers import AppendOnly

TABLES = (
    "tenderdocument",
    "bid",
    "withdrawal",
    "guarantee",
    "signin",
    "openedbid",
    "openedguarantee",
    "opinion",
    "rejection",
    "blindcode",
    "score",
    "candidate",
    "reportsignature",
    "publicity",
    "dropout",
    "contract",
    "refund",
)


class Migration(migrations.Migration):
    dependencies = [("trading", "0001_initial")]
    operations = [AppendOnly(f"trading_{table}") for table in TABLES]
