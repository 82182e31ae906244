from django.db import migrations

from yangguang.witness.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("lawbook", "0001_corrections")]
    operations = [AppendOnly("lawbook_rulecorrection"), AppendOnly("lawbook_daycorrection")]
