"""What every HTML answer must satisfy, whichever test asked for it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from portal.web.forms import is_repeatable
from portal.web.headers import FILE_POLICY, HEADERS

SITE: Final = "localhost"
BRAND: Final = " - Loket"
_NEEDS_LABEL: Final = frozenset({"input", "select", "textarea"})
_NO_LABEL: Final = frozenset({"hidden", "submit", "button", "image", "reset"})
_LEAKS: Final = re.compile(r"LocalText\(|<Markup|\bUndefined\b|%\(\w+\)s|\{\{")
_LEAKS_IN_DUTCH: Final = re.compile(rf"{_LEAKS.pattern}|\b(None|True|False)\b")

Faults = Iterator[str]


def find_faults(app: Flask, response: TestResponse, *, is_fragment: bool) -> list[str]:
    """List what is wrong with an answer: its headers and, when it is HTML, its markup."""
    faults = list(header_faults(response))
    if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
        faults += html_faults(app, response.get_data(as_text=True), is_fragment=is_fragment)
    return faults


def header_faults(response: TestResponse) -> Faults:
    is_file = response.headers.get("Content-Security-Policy") == FILE_POLICY and response.mimetype != "text/html"
    for name, value in HEADERS.items():
        if is_file and name == "Content-Security-Policy":
            continue
        if response.headers.get(name) != value:
            yield f"header {name} is {response.headers.get(name)!r}"
    if "unsafe" in response.headers.get("Content-Security-Policy", ""):
        yield "the content policy allows what is unsafe"


def html_faults(app: Flask, html: str, *, is_fragment: bool) -> list[str]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root: Element = parser.parseFragment(html) if is_fragment else parser.parse(html)
    faults = [f"not valid HTML: {code} {details} at {place}" for place, code, details in parser.errors]
    checks: tuple[Callable[[Element], Faults], ...] = (_id_faults, _label_faults, _inline_faults, _leak_faults)
    for check in checks if is_fragment else (*checks, _title_faults):
        faults += check(root)
    return [*faults, *_form_faults(app, root), *_link_faults(app, root)]


def _title_faults(root: Element) -> Faults:
    headings = [_text(heading) for heading in root.iter("h1")]
    title = _text(root.find("head/title")).removesuffix(BRAND)
    if len(headings) != 1:
        yield f"a page has one h1, this has {headings}"
    elif not title or not title.startswith(headings[0]):
        yield f"the title {title!r} is not the h1 {headings[0]!r}"
    if root.get("lang") not in {"nl", "en"}:
        yield "the page does not say its language"


def _id_faults(root: Element) -> Faults:
    ids = Counter(element.get("id") for element in _elements(root) if element.get("id") is not None)
    for one, count in ids.items():
        if count > 1 or not one or " " in one:
            yield f"id {one!r} occurs {count} times"
    for element in _elements(root):
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            for target in (element.get(name) or "").split():
                if target not in ids:
                    yield f"{name} points to {target!r}, which is not there"


def _label_faults(root: Element) -> Faults:
    controls = {element.get("id") for element in _elements(root) if element.tag in _NEEDS_LABEL and element.get("type") not in _NO_LABEL}
    labelled = {label.get("for") for label in root.iter("label")}
    for label in root.iter("label"):
        if label.get("for") not in controls and not any(True for tag in _NEEDS_LABEL for _ in label.iter(tag)):
            yield f"the label {_text(label)!r} has no field"
    inside = {id(control) for label in root.iter("label") for control in label.iter()}
    for element in _elements(root):
        if (
            element.tag not in _NEEDS_LABEL
            or element.get("type") in _NO_LABEL
            or element.get("aria-label")
            or element.get("aria-labelledby")
        ):
            continue
        if id(element) not in inside and element.get("id") not in labelled:
            yield f"the field {element.get('name')!r} has no label"
    for element in (*root.iter("button"), *root.iter("a")):
        has_picture = any(inner.get("aria-label") or inner.get("alt") for inner in element.iter())
        if not _text(element) and not has_picture:
            yield f"a {element.tag} without words: {element.attrib}"


def _inline_faults(root: Element) -> Faults:
    for element in _elements(root):
        yield from (f"inline {name}" for name in element.attrib if name == "style" or name.startswith("on"))
        if element.tag == "style" or (element.tag == "script" and not element.get("src")):
            yield f"inline {element.tag}"


def _leak_faults(root: Element) -> Faults:
    body = root.find("body")
    leaks = _LEAKS_IN_DUTCH if root.get("lang") == "nl" else _LEAKS
    found = leaks.search(" ".join((root if body is None else body).itertext()))
    if found:
        yield f"the inside shows: {found[0]!r}"


def _form_faults(app: Flask, root: Element) -> Faults:
    for form in root.iter("form"):
        method, action = (form.get("method") or "get").upper(), form.get("action") or ""
        endpoint = _endpoint(app, action, method)
        fields = {field.get("name") for field in form.iter("input") if field.get("value")}
        if endpoint is None:
            yield f"a form goes to {method} {action!r}, which is no route"
        elif method == "POST":
            if "csrf_token" not in fields:
                yield f"the form to {action!r} has no csrf_token"
            if "form_key" not in fields and not is_repeatable(app.view_functions[endpoint]):
                yield f"the form to {action!r} has no form_key"


def _link_faults(app: Flask, root: Element) -> Faults:
    ids = {element.get("id") for element in _elements(root)}
    for link in root.iter("a"):
        address = link.get("href") or ""
        if address.startswith("#") and address[1:] not in ids:
            yield f"a link goes to {address!r}, which is not on the page"
        if address.startswith("/") and _endpoint(app, address, "GET") is None:
            yield f"a link goes to {address!r}, which is no page"
    for element in _elements(root):
        for method in ("get", "post"):
            address = element.get(f"hx-{method}")
            if address and _endpoint(app, address, method.upper()) is None:
                yield f"hx-{method} goes to {address!r}, which is no route"


def _endpoint(app: Flask, address: str, method: str) -> str | None:
    try:
        endpoint, _ = app.url_map.bind(SITE).match(urlsplit(address).path, method)
    except (NotFound, MethodNotAllowed, RequestRedirect):
        return None
    return str(endpoint)


def _elements(root: Element) -> Iterator[Element]:
    return (element for element in root.iter() if isinstance(element.tag, str))


def _text(element: Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())
