"""Run a command and print its peak resident memory in KiB on standard error.

A process counts the memory of whoever started it until it becomes its own program, so the one that starts it is this
small one.
"""

import os
import sys

pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(pid, 0)
peak = usage.ru_maxrss // 1024 if sys.platform == "darwin" else usage.ru_maxrss
sys.stderr.write(f"\n{peak}\n")
sys.exit(os.waitstatus_to_exitcode(status))
