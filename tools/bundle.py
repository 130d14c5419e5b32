"""Bundles the widget's modules into `web/dist` by esbuild: `python -m tools.bundle`.

esbuild is one program that needs no Node. npm fetches it, once, since it uses the proxies and mirrors that a person has
set; what it fetched is checked by its hash. Without npm an esbuild on the PATH will do, and without that the modules
are served as they are.
"""

from __future__ import annotations

import base64
import hashlib
import json
import platform
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Sequence

from palmwise.server.assets import BUNDLE_RECORD, digest_of
from tools.workspace import ROOT, TOOLS, exclusive, main, say

WEB = ROOT / "web"
BUNDLE = WEB / "dist"
VERSION = "0.28.2"
ARCHIVES = {
    ("Linux", "x86_64"): (
        "@esbuild/linux-x64",
        "4xTZr1FUmSoQW4XIWmit3tzQrUTZM+N3P0XV8xROKYF50XfI7xeO90+1bZvNwxIufQ9hDQVRJH5YhgPVF8A/HQ==",
    ),
    ("Linux", "aarch64"): (
        "@esbuild/linux-arm64",
        "pW4AC0P3it8c7do9MVM4p51FzHzdM/TZrerurgRcHJ2WTa1VQ1CIq18xncfpBJw4ojkiZZrKW2yIBWBP92j6Ug==",
    ),
    ("Darwin", "x86_64"): (
        "@esbuild/darwin-x64",
        "uq6suIWYP37qzGddBKPw5QEQPi6HiLGsO7UmkpfyaYNQ3D+rN6w6WfwH+nuqcGXWvawGwxOEroO4YGnFh95azw==",
    ),
    ("Darwin", "arm64"): (
        "@esbuild/darwin-arm64",
        "n4KqkOQrraxHJcgjM1RvwbigfQKIKJVpM7xp+KsxiyUSrRdIXnt73VhrPAx0fV44hgfmIVKjxMN9J1t5jySVkw==",
    ),
}
"""System and machine -> npm package of esbuild's program, and the SHA-512 of its archive in base64."""
PROGRAM = TOOLS / f"esbuild-{VERSION}"
LATER = ("scene/scene.js", "page.js", "service_worker.js")
"""Modules that are loaded by their own addresses, beside the panel."""
SHEETS = ("widget.css", "page.css")
OPTIONS = ("--bundle", "--format=esm", "--minify", "--target=esnext", "--charset=utf8", "--legal-comments=none")


def esbuild() -> str | None:
    """Path of the program, fetching it first; None if there is none to be had."""
    if PROGRAM.exists():
        return str(PROGRAM)
    archive = ARCHIVES.get((platform.system(), platform.machine()))
    npm = shutil.which("npm")
    if npm and archive and _fetch(npm, *archive):
        return str(PROGRAM)
    return shutil.which("esbuild")


def _fetch(npm: str, package: str, wanted: str) -> bool:
    """Fetch the program by npm; whether it is there afterwards, and is the right one."""
    TOOLS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=TOOLS) as folder:
        say("fetching esbuild (5 MB, once), which makes the widget smaller.")
        command = [npm, "pack", "--silent", f"{package}@{VERSION}"]
        subprocess.run(command, cwd=folder, check=False, stdout=subprocess.DEVNULL)
        archives = list(Path(folder).glob("*.tgz"))
        if not archives:
            return False
        if base64.b64encode(hashlib.sha512(archives[0].read_bytes()).digest()).decode() != wanted:
            say("what was fetched is not the esbuild that this project knows; going on without.")
            return False
        with tarfile.open(archives[0]) as content:
            taken = content.extractfile("package/bin/esbuild")
            if taken is None:
                return False
            program = Path(folder) / "esbuild"
            with program.open("wb") as out:
                shutil.copyfileobj(taken, out)
        program.chmod(0o755)
        program.replace(PROGRAM)
    return True


def up_to_date(sources: str) -> bool:
    """Whether there is a bundle of these sources."""
    try:
        record = json.loads((BUNDLE / BUNDLE_RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(record == {"sources": sources})


def bundle(program: str, out: Path) -> bool:
    """Bundle into the folder `out`: the launcher by itself, and the rest in parts that share their modules."""
    places = ["--outbase=" + str(WEB), f"--outdir={out}", "--log-level=warning"]
    rest = [str(WEB / name) for name in ("panel.js", *LATER) if (WEB / name).exists()]
    sheets = [str(WEB / name) for name in SHEETS]
    runs: Sequence[Sequence[str]] = (
        [str(WEB / "widget.js"), *OPTIONS],
        [*rest, *OPTIONS, "--splitting", "--chunk-names=part-[hash]"],
        [*sheets, "--minify", "--target=esnext", "--charset=utf8"],
    )
    return all(subprocess.run([program, *run, *places], check=False).returncode == 0 for run in runs)


def provide(_: list[str]) -> None:
    """Bring the bundle up to date, or say that there is none."""
    with exclusive():
        sources = digest_of(WEB, frozenset({BUNDLE.name}))
        if up_to_date(sources):
            return
        program = esbuild()
        if program is None:
            say("going on without esbuild, which would make the widget smaller (npm fetches it).")
            return
        with tempfile.TemporaryDirectory(dir=TOOLS) as folder:
            made = Path(folder) / "dist"
            if not bundle(program, made):
                say("the widget could not be bundled: its modules are served as they are.")
                return
            (made / BUNDLE_RECORD).write_text(json.dumps({"sources": sources}), encoding="utf-8")
            shutil.rmtree(BUNDLE, ignore_errors=True)
            made.replace(BUNDLE)


if __name__ == "__main__":
    main(provide)
