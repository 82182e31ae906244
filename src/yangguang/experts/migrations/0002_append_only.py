from django.db import migrations

from yangguang.witness.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("experts", "0001_initial")]
    operations = [AppendOnly("experts_poolmember"), AppendOnly("experts_reply")]
