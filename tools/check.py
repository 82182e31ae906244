"""Everything that must hold before a change is taken: `make test`, or its first half alone, `make lint`.

    python tools/check.py lint     style, types, import contracts, dependencies, migrations
    python tools/check.py all      that, and the tests on SQLite and on a PostgreSQL of its own

Every step is run even after one failed; the exit code is 1 when any failed. The last lines are the table of steps and
the tests' own summary.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sys.executable).parent
PYTHON = sys.executable
TYPED = ["src/yangguang", "verifier", "tools"]
COVERED_WHOLLY = ["rules", "proof", "witness"]
MEMORY = "/dev/shm"  # noqa: S108 - every test makes a private folder in it
NO_POSTGRESQL = 69  # the exit code of tools/postgresql.py where there is none
SUMMARY = re.compile(
    r"^=*\s*((\d+ (passed|failed|errors?|skipped|xfailed|deselected|warnings?),? ?)+in [\d.]+s.*?)\s*=*$"
)
OWN_TESTS = [f"tests/{package}" for package in COVERED_WHOLLY]
OTHER_TESTS = ["tests", *(f"--ignore={folder}" for folder in OWN_TESTS)]
PYTEST = [PYTHON, "-m", "pytest", "-n", "2", "--dist", "worksteal", "--durations", "5"]
MEASURED = [*PYTEST, "--cov", "--cov-append", "--cov-report="]  # takes twice as long
ON_POSTGRESQL = [PYTHON, str(ROOT / "tools/postgresql.py")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to check: its name in both languages and the command that fails when it does not hold."""

    name: str
    command: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a step; `verdict` is 通过, 失败 or 跳过, `summary` the tests' own last line."""

    name: str
    verdict: str
    seconds: float
    summary: str = ""


def tool(name: str, *arguments: str) -> list[str]:
    """A command of a checking tool of this environment."""
    return [str(SCRIPTS / name), *arguments]


LINT = [
    Step(name="文风 ruff check", command=tool("ruff", "check", "--no-cache", ".")),
    Step(name="格式 ruff format", command=tool("ruff", "format", "--no-cache", "--check", ".")),
    Step(name="类型 mypy --strict", command=tool("mypy", *TYPED)),
    Step(name="引用约定 import-linter", command=tool("lint-imports", "--no-logo", "--no-cache")),
    Step(name="依赖 deptry", command=tool("deptry", "src")),
    Step(
        name="迁移 makemigrations --check",
        command=[PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run"],
    ),
]
BROWSER = Step(name="浏览器 Chromium", command=[PYTHON, str(ROOT / "tools/chromium.py")])
TESTS = [
    Step(name="测试 SQLite", command=[*PYTEST, *OTHER_TESTS]),
    Step(name="测试 SQLite，" + "、".join(COVERED_WHOLLY), command=[*MEASURED, *OWN_TESTS]),
    Step(
        name="测试 PostgreSQL",
        command=[*ON_POSTGRESQL, *PYTEST, *OTHER_TESTS, "-m", "both_databases and not browser"],
    ),
    Step(name="测试 PostgreSQL，witness", command=[*ON_POSTGRESQL, *MEASURED, "tests/witness", "-m", "both_databases"]),
]
COVERAGE_WHOLE = Step(
    name="覆盖率 100 % " + " ".join(COVERED_WHOLLY),
    command=[
        *[PYTHON, "-m", "coverage", "report", "--show-missing", "--skip-covered", "--fail-under=100"],
        "--include=" + ",".join(f"src/yangguang/{package}/*" for package in COVERED_WHOLLY),
    ],
)


def main(wanted: str) -> int:
    """Run the steps; 0 when all hold."""
    with tempfile.TemporaryDirectory(prefix="yangguang-check-") as home:
        environment = {**os.environ, "YANGGUANG_HOME": home, "DJANGO_SETTINGS_MODULE": "yangguang.settings"}
        environment.pop("DATABASE_URL", None)
        if os.access(MEMORY, os.W_OK):  # tests write small files by the thousand and sync each one
            environment["TMPDIR"] = MEMORY
        outcomes = lint(environment)
        if wanted == "all":
            outcomes += test(environment)
    report(outcomes)
    return int(any(outcome.verdict == "失败" for outcome in outcomes))


def lint(environment: dict[str, str]) -> list[Outcome]:
    """The steps that only read, two at a time; what they say is shown when they fail."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda step: run_quietly(step, environment), LINT))


def test(environment: dict[str, str]) -> list[Outcome]:
    """The tests on both databases, and that the packages on which proof rests are covered whole by their own."""
    (ROOT / ".coverage").unlink(missing_ok=True)
    return [run_aloud(step, environment) for step in (BROWSER, *TESTS, COVERAGE_WHOLE)]


def merged(step: Step, environment: dict[str, str]) -> subprocess.Popen[str]:
    """Start a step with both its streams in one pipe."""
    return subprocess.Popen(
        step.command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def run_quietly(step: Step, environment: dict[str, str]) -> Outcome:
    """Run a step; print its name and verdict, and its output when it fails."""
    began = time.monotonic()
    with merged(step, environment) as process:
        said, _ = process.communicate()
    outcome = Outcome(name=step.name, verdict=verdict(process.returncode), seconds=time.monotonic() - began)
    print(line(outcome) + ("\n" + said if process.returncode else ""), flush=True)
    return outcome


def run_aloud(step: Step, environment: dict[str, str]) -> Outcome:
    """Run a step with its output shown as it comes; keep the tests' summary line."""
    print(f"▸ {step.name}", flush=True)
    began = time.monotonic()
    summary = ""
    with merged(step, environment) as process:
        for text in process.stdout or ():
            print(text, end="", flush=True)
            found = SUMMARY.match(text.strip())
            summary = found[1] if found else summary
    seconds = time.monotonic() - began
    return Outcome(name=step.name, verdict=verdict(process.returncode), seconds=seconds, summary=summary)


def verdict(returncode: int) -> str:
    """The word for an exit code."""
    return {0: "通过", NO_POSTGRESQL: "跳过"}.get(returncode, "失败")


def line(outcome: Outcome) -> str:
    """One row of the table."""
    mark = {"通过": "✓", "跳过": "–", "失败": "✗"}[outcome.verdict]
    return f"{mark} {outcome.verdict} {outcome.seconds:6.1f} s  {outcome.name}"


def report(outcomes: list[Outcome]) -> None:
    """Print the table, then the summary of each test run, the whole suite's last."""
    print("\n" + "\n".join(line(outcome) for outcome in outcomes))
    if any(outcome.verdict == "跳过" for outcome in outcomes):
        print("跳过：此处没有 PostgreSQL，只在 SQLite 上测试 · skipped: no PostgreSQL here, tested on SQLite only")
    for outcome in reversed(outcomes):
        if outcome.summary:
            print(f"{outcome.name}: {outcome.summary}")


if __name__ == "__main__":
    if sys.argv[1:] not in (["lint"], ["all"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
