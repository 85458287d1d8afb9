"""Style sheets, scripts, the font and the mark: read once, addressed by their content, cached for ever by browsers."""

import base64
import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, make_response, request

STATIC = Path(__file__).parent.parent / "static"
CACHE_CONTROL = "public, max-age=31536000, immutable"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
COMPRESSED = {".css", ".js", ".svg"}
BUNDLE = "loket.css"

blueprint = Blueprint("assets", __name__, url_prefix="/assets")


@dataclass(frozen=True)
class Asset:
    """One file as it goes over the line, with the address that changes when its content changes."""

    name: str
    digest: str
    integrity: str
    content: bytes
    compressed: bytes | None

    @property
    def path(self) -> str:
        """The address below ``/assets/``."""
        return f"{self.digest}/{self.name}"

    @property
    def media_type(self) -> str:
        """The value of Content-Type."""
        return TYPES[Path(self.name).suffix]


def init_assets(app: Flask) -> None:
    """Serve the assets and give templates ``asset_url(name)`` and ``asset_integrity(name)``.

    :raises RuntimeError: when the files from the build are not there
    """
    assets = _read_assets(STATIC, _fingerprint(STATIC))
    app.extensions["assets"] = assets
    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset_url"] = asset_url
    app.jinja_env.globals["asset_integrity"] = asset_integrity


def asset_url(name: str) -> str:
    """Give the address of an asset, such as ``loket.css``; it holds a digest of the content.

    :raises KeyError: when there is no such asset
    """
    return f"{request.script_root}/assets/{_assets()[name].path}"


def asset_integrity(name: str) -> str:
    """Give the subresource integrity (SHA-384) of an asset.

    :raises KeyError: when there is no such asset
    """
    return _assets()[name].integrity


@blueprint.get("/<digest>/<name>")
def file(digest: str, name: str) -> Response:
    """Answer an asset by its name and the digest of its content; an old digest is not found."""
    asset = _assets().get(name)
    if asset is None or asset.digest != digest:
        abort(404)
    zipped = asset.compressed is not None and request.accept_encodings["gzip"] > 0
    response = make_response(asset.compressed if zipped and asset.compressed else asset.content)
    response.headers["Content-Type"] = asset.media_type
    response.headers["Cache-Control"] = CACHE_CONTROL
    if asset.compressed is not None:
        response.vary.add("Accept-Encoding")
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    return response


def read_assets(static: Path) -> dict[str, Asset]:
    """Read all assets under `static`: the files from the build, our scripts, the mark and the bundled style sheet.

    :raises RuntimeError: when the files from the build are not there
    """
    manifest_file = static / "vendor" / "manifest.json"
    if not manifest_file.is_file():
        message = "The front-end files are not there yet. Run `make install`, which fetches and builds them."
        raise RuntimeError(message)
    manifest = json.loads(manifest_file.read_text(encoding="utf-8"))
    names = [static / "vendor" / name for name in manifest if name != "nlds.css"]
    names += [*sorted((static / "js").glob("*.js")), static / "mark.svg"]
    assets = {path.name: _asset(path.name, path.read_bytes()) for path in names}
    for name in manifest.keys() & assets.keys():
        if manifest[name]["integrity"] != assets[name].integrity:
            message = f"The front-end file {name} is not the one that was built. Run `make install` again."
            raise RuntimeError(message)
    assets[BUNDLE] = _asset(BUNDLE, _bundle(static, assets).encode())
    return assets


def _bundle(static: Path, assets: dict[str, Asset]) -> str:
    """Concatenate the design system and our style sheets, small, with the addresses of the assets filled in."""
    layers, *ours = sorted((static / "css").glob("*.css"))
    paths = [layers, static / "vendor" / "nlds.css", *ours]
    css = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    small = re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)).strip()
    return re.sub(r'url\("([\w.-]+)"\)', lambda found: f'url("../{assets[found[1]].path}")', small)


def _asset(name: str, content: bytes) -> Asset:
    """Make an asset of a file's content."""
    return Asset(
        name=name,
        digest=hashlib.sha256(content).hexdigest()[:16],
        integrity="sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode(),
        content=content,
        compressed=gzip.compress(content, mtime=0) if Path(name).suffix in COMPRESSED else None,
    )


def _assets() -> dict[str, Asset]:
    """Answer the assets as read at the start; in debug mode as they are on disk now."""
    if current_app.debug:
        return _read_assets(STATIC, _fingerprint(STATIC))
    assets: dict[str, Asset] = current_app.extensions["assets"]
    return assets


def _fingerprint(static: Path) -> float:
    """Tell when anything under `static` was last changed."""
    return max((path.stat().st_mtime for path in static.rglob("*") if path.is_file()), default=0.0)


@lru_cache(maxsize=1)
def _read_assets(static: Path, fingerprint: float) -> dict[str, Asset]:
    """Read the assets, again only when `fingerprint` is another one."""
    del fingerprint
    return read_assets(static)
