"""What a first visit costs: the page and every file it asks for, compressed as they go over the line."""

import gzip
import http.client
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin

_FILES: Final = {"link": "href", "script": "src", "img": "src", "use": "href"}
_LINKS: Final = frozenset({"stylesheet", "preload", "modulepreload", "icon"})
_URL: Final = re.compile(r"""url\(["']?([^"')]+)""")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstView:
    """Bytes over the line: of the page alone and with all its files, and how many requests that took."""

    page_bytes: int
    total_bytes: int
    requests: int


class _Files(HTMLParser):
    """Collects the addresses of the files that a page asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the file of a tag."""
        values = dict(attrs)
        address = values.get(_FILES.get(tag, ""))
        is_file = tag != "link" or _LINKS & set((values.get("rel") or "").split())
        if address and is_file and not address.startswith(("data:", "#")):
            self.paths.add(address.split("#")[0])


def weigh(port: int, path: str, *, cookie: str = "") -> FirstView:
    """Ask for a page and its files, files named in style sheets included."""
    page, size = _fetch(port, path, cookie)
    files = _Files()
    files.feed(page.decode())
    ahead, sizes = list(files.paths), {}
    while ahead:
        address = ahead.pop()
        if address not in sizes:
            content, sizes[address] = _fetch(port, address, cookie)
            if address.endswith(".css"):
                named = (urljoin(address, one) for one in _URL.findall(content.decode()) if not one.startswith(("data:", "#")))
                ahead += [one.split("#")[0] for one in named]
    return FirstView(page_bytes=size, total_bytes=size + sum(sizes.values()), requests=1 + len(sizes))


def _fetch(port: int, path: str, cookie: str) -> tuple[bytes, int]:
    """Give the content and how many bytes of it go over the line (what a proxy in front compresses too)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip", "Accept-Language": "nl", **({"Cookie": cookie} if cookie else {})})
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    if answer.getheader("Content-Encoding") == "gzip":
        return gzip.decompress(data), len(data)
    is_packed = path.endswith((".woff2", ".png", ".webp"))
    return data, len(data) if is_packed else len(gzip.compress(data))
