"""Make `.venv` from the hash-locked requirements; do nothing when it already holds them.

    python3 tools/prepare.py runtime     what the system itself needs
    python3 tools/prepare.py test        that and the checks

Uses the standard library alone, because it runs before anything is installed.
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"
ENVIRONMENT = ROOT / ".venv"
SCRIPTS = ENVIRONMENT / ("Scripts" if sys.platform == "win32" else "bin")
PYTHON = SCRIPTS / "python"
OLDEST = (3, 11)
CONTAINS = {"runtime": ["runtime"], "test": ["runtime", "test"]}  # test.txt repeats all of runtime.txt
LAST_LINES = 30
FAILED = "安装失败，可重试同一命令。Installing failed; the same command tries again."


def main(wanted: str) -> None:
    """Bring the environment up to the lock called `wanted`."""
    if sys.version_info < OLDEST:
        sys.exit(f"需要 Python 3.11 以上，当前是 {sys.version.split()[0]}。Python 3.11 or newer is needed: PYTHON=…")
    if _is_fresh(wanted):
        return
    say("准备运行环境（只在首次或依赖变化时）", "Preparing .venv (first time, or the locks changed)")
    create_environment()
    install("构建工具 build tools", ["--only-binary", ":all:", "-r", str(LOCKS / "build.txt")], lock="build")
    install("依赖 requirements", ["--no-build-isolation", "-r", str(LOCKS / f"{wanted}.txt")], lock=wanted)
    pip(["--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
    for name in CONTAINS[wanted]:
        _stamp(name).write_text(_fingerprint(name), encoding="ascii")
    say("运行环境就绪", "The environment is ready")


def create_environment() -> None:
    """An empty environment of the Python that runs this, unless a working one is there."""
    if (
        PYTHON.exists()
        and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    ):
        return
    try:
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
    except (subprocess.CalledProcessError, ImportError):
        sys.exit("此 Python 缺少 venv/ensurepip（Debian：python3-venv 软件包）。This Python lacks venv or ensurepip.")


def install(what: str, arguments: list[str], *, lock: str) -> None:
    """Install one lock, every file checked against its hash, counting packages on the way."""
    total = sum("==" in line for line in (LOCKS / f"{lock}.txt").read_text(encoding="utf-8").splitlines())
    pip(["--require-hashes", *arguments], what=what, total=total)


def pip(arguments: list[str], *, what: str = "", total: int = 0) -> None:
    """Run `pip install`; show how far it is, and its last lines only when it fails."""
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *arguments]
    lines: list[str] = []
    done = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT) as process:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            if total and line.startswith(("Collecting ", "Requirement already satisfied: ")):
                done += 1
                progress(f"  {what} {done}/{total}")
    if total:
        progress(f"  {what} {total}/{total}\n")
    if process.returncode:
        sys.exit(
            "\n".join(
                [*lines[-LAST_LINES:], "安装失败，可重试同一命令。Installing failed; the same command tries again."]
            )
        )


def progress(text: str) -> None:
    """Overwrite the line on a terminal; elsewhere only finished lines are printed."""
    if sys.stdout.isatty():
        print(f"\r{text}", end="", flush=True)
    elif text.endswith("\n"):
        print(text, end="", flush=True)


def say(chinese: str, english: str) -> None:
    """One line for both kinds of reader."""
    print(f"▸ {chinese} · {english}", flush=True)


def _is_fresh(name: str) -> bool:
    stamp = _stamp(name)
    return stamp.exists() and stamp.read_text(encoding="ascii") == _fingerprint(name)


def _stamp(name: str) -> Path:
    return ENVIRONMENT / f"installed-{name}"


def _fingerprint(name: str) -> str:
    files = [LOCKS / "build.txt", LOCKS / f"{name}.txt", ROOT / "pyproject.toml"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


if __name__ == "__main__":
    if sys.argv[1:] not in ([name] for name in CONTAINS):
        sys.exit(__doc__)
    main(sys.argv[1])
