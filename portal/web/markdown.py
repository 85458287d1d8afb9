"""Text of people as Markdown: no HTML, no pictures from elsewhere, no headings, and cleaned once more after rendering."""

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_TAGS: Final = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "a", "hr"}
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES: Final = {"http", "https", "mailto", "tel"}
# Headings would break the order of the page, pictures tell strangers who reads.
_OFF: Final = ["image", "heading", "lheading", "html_block", "html_inline", "entity"]
_KEPT: Final = 2000


@lru_cache(maxsize=_KEPT)
def render_markdown(text: str) -> Markup:
    """Give the text as safe HTML; a line end stays a line end. Rendered texts are remembered, for they never change."""
    import nh3  # noqa: PLC0415  with the parser beside it: only pages with messages need them

    rendered = _parser().render(text)
    cleaned = nh3.clean(rendered, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="nofollow noopener noreferrer")
    return Markup(cleaned)  # noqa: S704  cleaned one line above


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415  as above

    options: dict[str, Any] = {"html": False, "breaks": True, "linkify": False}
    return MarkdownIt("commonmark", options).disable(_OFF)
