"""The project's settings in a throw-away home; each process of a test run has its own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_home = tempfile.mkdtemp(prefix="yangguang-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["YANGGUANG_HOME"] = _home

from yangguang.settings import *  # noqa: E402, F403 - the home must be known first
from yangguang.settings import DATABASES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # In a file, not in memory: threads and processes that race must meet in one database, as they do in service.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_home) / "test.sqlite3")}
