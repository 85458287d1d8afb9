"""Assets: addressed by content, small, and refused when they are not the ones that were built."""

import json
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.web.assets import STATIC, asset_integrity, asset_url, init_assets, read_assets

FIRST_VIEW = ("loket.css", "figtree.woff2", "htmx.js", "app.js", "mark.svg")


@pytest.fixture
def site() -> Flask:
    site = Flask("site", static_folder=None)
    init_assets(site)
    return site


@pytest.fixture
def visitor(site: Flask) -> FlaskClient:
    return site.test_client()


def address(site: Flask, name: str) -> str:
    with site.test_request_context():
        return asset_url(name)


def test_an_asset_may_be_kept_for_ever_at_the_address_of_its_content(site: Flask, visitor: FlaskClient) -> None:
    answer = visitor.get(address(site, "loket.css"), headers={"Accept-Encoding": "gzip"})

    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_without_compression_the_content_itself_is_answered(site: Flask, visitor: FlaskClient) -> None:
    answer = visitor.get(address(site, "loket.css"))

    assert "Content-Encoding" not in answer.headers
    assert answer.text.startswith("@layer nlds, theme")


@pytest.mark.parametrize("path", ["/assets/0000000000000000/loket.css", "/assets/0000000000000000/..%2fapp.py", "/assets/x/unknown.css"])
def test_an_old_or_unknown_address_is_not_found(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_addresses_in_the_style_sheet_lead_to_assets(site: Flask, visitor: FlaskClient) -> None:
    css = visitor.get(address(site, "loket.css")).text
    inside = re.findall(r'url\("\.\./([^"]+)"\)', css)

    assert inside
    assert all(visitor.get(f"/assets/{path}").status_code == 200 for path in inside)


def test_the_address_keeps_the_prefix_that_the_portal_is_mounted_on(site: Flask) -> None:
    with site.test_request_context(environ_overrides={"SCRIPT_NAME": "/loket"}):
        assert asset_url("app.js").startswith("/loket/assets/")


def test_the_integrity_of_a_package_file_is_that_of_the_build(site: Flask) -> None:
    manifest = json.loads((STATIC / "vendor" / "manifest.json").read_text())
    with site.test_request_context():
        assert asset_integrity("htmx.js") == manifest["htmx.js"]["integrity"]


def test_the_files_of_a_first_view_leave_room_for_the_page() -> None:
    assets = read_assets(STATIC)
    over_the_line = sum(len(assets[name].compressed or assets[name].content) for name in FIRST_VIEW)

    assert over_the_line <= 53_000  # of the 60 kB for everything; the heaviest first page is under 6 kB


def test_a_changed_package_file_is_refused(tmp_path: Path) -> None:
    copy = shutil.copytree(STATIC, tmp_path / "static")
    (copy / "vendor" / "htmx.js").write_text("alert('not ours')")

    with pytest.raises(RuntimeError, match=r"htmx\.js is not the one that was built"):
        read_assets(copy)


def test_without_the_build_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="make install"):
        read_assets(tmp_path)


def test_no_style_sheet_fetches_from_elsewhere_or_needs_the_important_mark_outside_print_and_base() -> None:
    for path in (STATIC / "css").glob("*.css"):
        css = path.read_text()
        assert "http://" not in css.replace("http://www.w3.org/2000/svg", "")
        assert "https://" not in css
        assert "!important" not in css or path.name in {"print.css", "base.css"}
