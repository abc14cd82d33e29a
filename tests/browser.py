"""Finds a Chromium for the browser tests, or fetches one, and starts it with its own networking off.

In this order: TWOWAY_CHROMIUM in the environment; Playwright's own; one installed on the machine; the
npm package @sparticuz/chromium, unpacked into .dev/ (needs Node, no root); Debian's package, as root.
There is always a browser or a clear failure, never a silent skip.

    python -m tests.browser      says which one the tests use
"""

import base64
import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

PRIVATE = Path(__file__).resolve().parent.parent / ".dev"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PACKAGE = "@sparticuz/chromium@147.0.2"
PACKAGE_SHA512 = "oqXyPAlGQuT9wdZAhcx4nmhehVgEsDc2adL/+FlX8qsLh/YyOgl9GQp8dPMDIBRmktxgA9c1QSNJIQUj2UeHhQ=="
UNPACK = (
    "const fs = require('fs'), zlib = require('zlib');"
    "const [from, to] = process.argv.slice(1);"
    "fs.writeFileSync(to, zlib.brotliDecompressSync(fs.readFileSync(from)));"
)
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


class NoBrowser(RuntimeError):
    """No Chromium could be found or fetched; the text says what to do."""


def launch(playwright: Playwright, **options: object) -> Browser:
    """A headless Chromium that reaches this machine only. Options are those of Playwright's launch."""
    program = find(playwright)
    return playwright.chromium.launch(  # without a sandbox, Playwright's default: the pages are our own
        executable_path=str(program),
        args=FLAGS,
        env={**os.environ, **needed_by(program)},
        **options,  # type: ignore[arg-type]
    )


def find(playwright: Playwright) -> Path:
    """The program of the first Chromium that runs."""
    named = os.environ.get("TWOWAY_CHROMIUM")
    if named:
        if not runs(Path(named)):
            raise NoBrowser(f"TWOWAY_CHROMIUM is {named}, and that does not run.")
        return Path(named)
    installed = [shutil.which(name) for name in NAMES]
    for program in (playwright.chromium.executable_path, *installed, *APPLICATIONS, unpacked_program()):
        if program and runs(Path(program)):
            return Path(program)
    failures = []
    for fetch in (from_npm, from_debian):
        try:
            return fetched(fetch)
        except NoBrowser as trouble:
            failures.append(str(trouble))
    raise NoBrowser(
        "The browser tests need a Chromium and none was found or could be fetched."
        " Install Chromium or Chrome, or set TWOWAY_CHROMIUM to its program. What was tried:\n- "
        + "\n- ".join(failures)
    )


def runs(program: Path) -> bool:
    """Whether it starts: a file of that name may be a shim, or lack its libraries."""
    if not program.is_file():
        return False
    try:
        asked = [str(program), "--version", "--no-sandbox"]
        variables = {**os.environ, **needed_by(program)}
        return subprocess.run(asked, env=variables, capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def needed_by(program: Path) -> dict[str, str]:
    """The unpacked one brings libraries and fonts for machines that have none."""
    if program != unpacked_program():
        return {}
    libraries = [str(program.parent / "lib"), os.environ.get("LD_LIBRARY_PATH", "")]
    fonts = {} if Path("/etc/fonts/fonts.conf").exists() else {"FONTCONFIG_PATH": str(program.parent)}
    return {"LD_LIBRARY_PATH": os.pathsep.join(filter(None, libraries)), **fonts}


def unpacked_program() -> Path:
    return PRIVATE / "chromium-147.0.2" / "chromium"


def fetched(fetch: Callable[[], Path]) -> Path:
    """One process fetches; others wait for it and find the browser there."""
    PRIVATE.mkdir(exist_ok=True)
    with (PRIVATE / "browser.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        program = fetch()
    if not runs(program):
        raise NoBrowser(f"{program} was fetched but does not run here.")
    return program


def from_npm() -> Path:
    """The package as published, checked against its hash; unpacked by Node, which knows Brotli."""
    program = unpacked_program()
    if program.exists():
        return program
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise NoBrowser("npm: that package is for Linux on x86_64 only.")
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        raise NoBrowser("npm: Node is not installed.")
    print(f"tests.browser: fetching {PACKAGE}", file=sys.stderr, flush=True)
    half = Path(tempfile.mkdtemp(prefix="chromium-half-", dir=PRIVATE))
    try:
        must("npm", npm, "pack", PACKAGE, "--silent", "--pack-destination", half, "--cache", half / "cache")
        archive = next(half.glob("*.tgz"))
        found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != PACKAGE_SHA512:
            raise NoBrowser(f"npm: {PACKAGE} is not the file that was reviewed (its hash differs).")
        unpack(archive, half / "ready", node)
        (half / "ready").rename(program.parent)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return program


def unpack(archive: Path, ready: Path, node: str) -> None:
    ready.mkdir()
    with tarfile.open(archive) as tar:
        tar.extractall(archive.parent, filter="data")
    parts = archive.parent / "package" / "bin"
    must("node", node, "-e", UNPACK, parts / "chromium.br", ready / "chromium")
    (ready / "chromium").chmod(0o755)
    for name in ("al2023", "swiftshader", "fonts"):
        must("node", node, "-e", UNPACK, parts / f"{name}.tar.br", parts / f"{name}.tar")
        with tarfile.open(parts / f"{name}.tar") as tar:
            tar.extractall(ready, filter="data")
    fonts = ready / "fonts.conf"  # written for another machine, where the fonts lie below /tmp
    fonts.write_text(fonts.read_text().replace("/tmp/fonts", str(unpacked_program().parent / "fonts")))


def from_debian() -> Path:
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        raise NoBrowser("apt: only for root on Debian and its relatives.")
    print("tests.browser: installing Debian's chromium", file=sys.stderr, flush=True)
    must("apt", apt, "update")
    must("apt", apt, "install", "-y", "--no-install-recommends", "chromium")
    return Path(shutil.which("chromium") or "chromium")


def must(what: str, *command: object) -> None:
    words = [str(word) for word in command]
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(words, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()[-5:]
        raise NoBrowser(f"{what}: `{' '.join(words[:3])}` failed: " + " / ".join(said))


def main() -> int:
    try:
        with sync_playwright() as playwright:
            print(find(playwright))
    except NoBrowser as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
