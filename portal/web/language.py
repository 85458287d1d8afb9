"""The language of the page: chosen by the visitor, else asked by the browser, else the organisation's."""

from gettext import NullTranslations
from typing import Final

from flask import Flask, g, has_app_context, has_request_context, request, session
from flask_babel import Babel, get_domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from portal.core.texts import LocalText
from portal.web.application import this_app

LANGUAGES: Final = ("nl", "en")
TRANSLATIONS: Final = "translations"

_translations: Final[dict[str, NullTranslations]] = {}


def install_language(app: Flask, *, translations: str, zone: str, default: str) -> None:
    """Set up Babel with the absolute folder of the translations."""
    Babel(
        app,
        default_translation_directories=translations,
        default_timezone=zone,
        default_locale=default,
        locale_selector=choose_language,
    )
    app.jinja_env.globals.update(_=_sentence, ngettext=_counted_sentence)
    app.context_processor(lambda: {"current_language": current_language()})
    app.jinja_env.filters["local"] = local


def choose_language() -> str:
    """Choose the language for this visitor: `nl` or `en`."""
    if not has_request_context():
        return this_app().settings.language
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES) or this_app().settings.language


def current_language() -> str:
    """Give the language in which words are chosen now; follows `force_locale` in mail.

    A page asks this hundreds of times. What Flask-Babel keeps for the request is read without its many steps.
    """
    kept = g._get_current_object().get("_flask_babel") if has_app_context() else None  # noqa: SLF001  as Werkzeug documents it
    locale = getattr(kept, "babel_locale", None) or get_locale()
    return str(locale.language) if locale else "nl"


def sentences() -> NullTranslations:
    """Give the sentences in the current language; once read they stay in memory."""
    language = current_language()
    kept = _translations.get(language)
    if kept is None:
        kept = get_domain().get_translations()
        if has_app_context():
            _translations[language] = kept
    return kept


@pass_eval_context
def _sentence(templates: EvalContext, message: str, **values: object) -> str:
    """Give templates a sentence with its placeholders filled in, escaped where the template is HTML."""
    sentence = sentences().gettext(message)
    return (Markup(sentence) if templates.autoescape else sentence) % values  # noqa: S704  our own sentences


@pass_eval_context
def _counted_sentence(templates: EvalContext, one: str, many: str, num: int, **values: object) -> str:
    """Give templates the sentence for one or for many; `%(num)d` is the number."""
    sentence = sentences().ngettext(one, many, num)
    return (Markup(sentence) if templates.autoescape else sentence) % {"num": num, **values}  # noqa: S704  our own sentences


def local(text: LocalText) -> str:
    """Give the words of a text that is data, in the language of the page."""
    return text.in_language(current_language())
