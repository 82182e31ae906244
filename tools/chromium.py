"""Have a Chromium and a Chinese font for the browser tests, as Debian packs them.

    python tools/chromium.py

Installs nothing where both are there already, and nothing where this is not root on Debian: then the browser tests
are skipped and say so.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL_SECONDS = 900
PACKAGES = {"chromium": "chromium", "font": "fonts-noto-cjk"}


def find_browser() -> str | None:
    """The program of a Chromium on the PATH."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def has_chinese_font() -> bool:
    """Whether a page in Chinese is more than boxes; unknown (without fontconfig) counts as no."""
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def missing() -> list[str]:
    """Debian's packages for what is not here."""
    wanted = [] if find_browser() else [PACKAGES["chromium"]]
    return wanted if has_chinese_font() else [*wanted, PACKAGES["font"]]


def install_from_debian(packages: list[str]) -> None:
    """Install when this is root on Debian; do nothing elsewhere."""
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"▸ 安装 {' '.join(packages)} · Installing Debian's packages for the browser tests", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", *arguments], env=quiet, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
        )
        if done.returncode:
            print(done.stderr.strip()[-500:], flush=True)


def main() -> int:
    """Always 0: tests without a browser are skipped, not failed."""
    if packages := missing():
        install_from_debian(packages)
    if not find_browser():
        print("此处没有 Chromium，浏览器测试将跳过 · No Chromium here, browser tests will be skipped", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
