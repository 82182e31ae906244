"""Have a Chromium and a Chinese font for the browser tests, as Debian packs them.

    python tools/chromium.py

Wanted is Chromium's headless shell, which does the tests in half the time; any other Chromium will do where it cannot
be had. Installs nothing where all is there already, and nothing where this is not root on Debian: without a browser the
browser tests are skipped and say so.
"""

import os
import shutil
import subprocess
import sys

SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome")
INSTALL_SECONDS = 900
FONT = "fonts-noto-cjk"


def has_browser(*names: str) -> bool:
    """Whether one of these programs is on the PATH."""
    return any(shutil.which(name) for name in names)


def has_chinese_font() -> bool:
    """Whether a page in Chinese is more than boxes; unknown (without fontconfig) counts as no."""
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


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
    font = [] if has_chinese_font() else [FONT]
    shell = [] if has_browser(SHELL) else [SHELL]
    if font or shell:
        install_from_debian([*shell, *font])
    if not has_browser(*NAMES):
        install_from_debian(["chromium", *font])
    if not has_browser(*NAMES):
        print("此处没有 Chromium，浏览器测试将跳过 · No Chromium here, browser tests will be skipped", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
