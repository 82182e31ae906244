import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from support.processes import database_address, same_house
from yangguang.database import database_settings

LIST = """
import django
django.setup()
from django.db import connection
print(connection.vendor, connection.introspection.table_names())
"""


@pytest.mark.django_db(transaction=True)
def test_a_child_process_works_on_the_database_of_its_test():
    done = subprocess.run([sys.executable, "-c", LIST], env=same_house(), capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == f"{connection.vendor} {connection.introspection.table_names()}\n"


@pytest.mark.django_db
def test_the_address_of_the_test_database_leads_back_to_it():
    chosen = database_settings(url=database_address(), home=Path("/nowhere"))
    assert {name: connection.settings_dict[name] for name in ("ENGINE", "NAME")} == {
        name: chosen[name] for name in ("ENGINE", "NAME")
    }
