"""Templates: each belongs to its endpoint, compiles, is used, and holds nothing inline."""

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Final

import pytest
from flask import Flask
from jinja2 import Environment, StrictUndefined, TemplateSyntaxError, nodes
from jinja2.meta import find_referenced_templates

from portal.web.application import Application
from tests.architecture.source import TEMPLATES, Module, modules, planted

# Answers that are no page: a file, and a word for machines.
NO_PAGE: Final = frozenset({"assets.file", "compose.download_catalogue", "compose.download_list", "search.health", "talk.file"})
NO_ENDPOINT: Final = frozenset({"layouts", "components", "errors", "emails"})

_INLINE: Final = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "an address of scripts": re.compile(r"javascript:", re.IGNORECASE),
    "markup that is not escaped": re.compile(r"(?<!strokes\[name\])\|\s*safe\b"),
}


def names() -> list[str]:
    return sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*"))


def pages_without_template(app: Flask, templates: Iterable[str]) -> list[str]:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())} - NO_PAGE
    return sorted(endpoint for endpoint in endpoints if f"{endpoint.replace('.', '/')}.html" not in templates)


def templates_without_endpoint(app: Flask, templates: Iterable[str]) -> Iterator[str]:
    for template in templates:
        folder, _, name = template.rpartition("/")
        is_page = folder.partition("/")[0] not in NO_ENDPOINT and not name.startswith("_")
        if is_page and f"{folder}.{name.removesuffix('.html')}" not in app.view_functions:
            yield template


def names_in_code(module: Module) -> Iterator[str]:
    """Give the templates a module names, as patterns: a part that is filled in later is anything."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith((".html", ".txt")):
            yield re.escape(node.value)
        if isinstance(node, ast.JoinedStr):
            parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[^/]+" for part in node.values]
            if parts and parts[-1].endswith(("html", "txt")):
                yield "".join(parts)


def unused(templates: Iterable[str], patterns: Iterable[str]) -> list[str]:
    used = [re.compile(pattern) for pattern in set(patterns)]
    return [template for template in templates if not any(pattern.fullmatch(template) for pattern in used)]


def references(environment: Environment, template: str) -> Iterator[str]:
    assert environment.loader
    text = environment.loader.get_source(environment, template)[0]
    yield from (re.escape(name) for name in find_referenced_templates(environment.parse(text)) if name)


def inline_parts(text: str) -> list[str]:
    return [what for what, pattern in _INLINE.items() if pattern.search(text)]


def logic(environment: Environment, text: str) -> list[str]:
    """Find what does not belong in a template: changing things, or asking the database."""
    tree = environment.parse(text)
    return [node.attr for node in tree.find_all(nodes.Getattr) if node.attr in {"session", "query", "execute", "commit"}]


def test_every_page_has_its_template(app: Application) -> None:
    assert not pages_without_template(app, names())


def test_every_template_has_its_endpoint(app: Application) -> None:
    assert not list(templates_without_endpoint(app, names()))


@pytest.mark.parametrize("template", names())
def test_every_template_compiles(app: Application, template: str) -> None:
    app.jinja_env.get_template(template)


def test_every_template_is_used(app: Application) -> None:
    patterns = {pattern for module in modules() for pattern in names_in_code(module)}
    patterns |= {pattern for template in names() for pattern in references(app.jinja_env, template)}
    assert not unused(names(), patterns)


def test_nothing_is_inline() -> None:
    faults = {name: inline_parts((TEMPLATES / name).read_text(encoding="utf-8")) for name in names()}
    faults["emails/_frame.html"].remove("a style element")  # a mail cannot fetch a style sheet
    assert not {name: parts for name, parts in faults.items() if parts}


def test_templates_only_show(app: Application) -> None:
    faults = {name: logic(app.jinja_env, (TEMPLATES / name).read_text(encoding="utf-8")) for name in names()}
    assert not {name: parts for name, parts in faults.items() if parts}


def test_a_forgotten_value_is_an_error(app: Application) -> None:
    assert app.jinja_env.undefined is StrictUndefined


def test_planted_defects_are_found(app: Application) -> None:
    assert "search.home" in pages_without_template(app, [])
    assert list(templates_without_endpoint(app, ["people/forgotten.html", "people/_part.html", "errors/404.html"])) == [
        "people/forgotten.html"
    ]
    patterns = list(names_in_code(planted('render("a/b.html"); render(f"errors/{status}.html")')))
    assert unused(["a/b.html", "errors/404.html", "a/c.html"], patterns) == ["a/c.html"]
    with pytest.raises(TemplateSyntaxError):
        app.jinja_env.from_string("{% if %}")
    assert logic(app.jinja_env, "{{ db.session.commit() }}")


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color: red">',
        "<STYLE>",
        "<a href='/' onclick='x()'>",
        "<script>x()</script>",
        '<a href="javascript:x()">',
        "{{ text|safe }}",
        "{{ text | safe }}",
    ],
)
def test_every_inline_part_is_found(text: str) -> None:
    assert inline_parts(text)


def test_what_only_looks_inline_is_not_found() -> None:
    assert not inline_parts('<script src="/a.js" defer></script><p class="style" data-once="1">safe onclick=</p>')
