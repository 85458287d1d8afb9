"""The application: everything is registered here."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from jinja2 import StrictUndefined
from sqlalchemy import make_url
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.access import ACCESS
from portal.backoffice.views import blueprint as backoffice
from portal.catalog.views import blueprint as catalog
from portal.composing.views.addresses import blueprint as compose
from portal.composing.views.check import blueprint as check
from portal.composing.views.versions import blueprint as manage
from portal.core.db import db, install_listeners, prepare_engine
from portal.hours.views import blueprint as hours
from portal.insight.views import blueprint as insight
from portal.jobs.views import blueprint as jobs
from portal.navigation import navigation
from portal.people.session import install_sign_in, roles_of_visitor
from portal.people.views import blueprint as people
from portal.requests.changing.views.adding import blueprint as addition
from portal.requests.changing.views.cancelling import blueprint as cancellation
from portal.requests.changing.views.changing import blueprint as change
from portal.requests.changing.views.deciding import blueprint as decisions
from portal.requests.changing.views.moving import blueprint as wish
from portal.requests.ordering.views.order import blueprint as order
from portal.requests.ordering.views.others import blueprint as others
from portal.requests.promises.views import blueprint as promises
from portal.requests.simulation.views import blueprint as simulation
from portal.requests.views.approval_links import blueprint as approvals
from portal.requests.views.follow import blueprint as requests
from portal.requests.views.rating import blueprint as rating
from portal.requests.views.reopening import blueprint as reopening
from portal.requests.views.talk import blueprint as talk
from portal.requests.views.texts import blueprint as texts
from portal.requests.views.track import blueprint as track
from portal.search.learning.views import blueprint as learning
from portal.search.views import blueprint as search
from portal.servicedesk.views import blueprint as servicedesk
from portal.settings import Settings, instance_folder
from portal.simulating.views import blueprint as replay
from portal.web.application import Application
from portal.web.assets import init_assets
from portal.web.failures import install_failures
from portal.web.filters import install_filters
from portal.web.forms import install_forms
from portal.web.guard import install_guard
from portal.web.headers import install_headers
from portal.web.htmx import install_htmx
from portal.web.language import install_language

BLUEPRINTS: Final = (
    search,
    learning,
    catalog,
    order,
    others,
    requests,
    addition,
    cancellation,
    decisions,
    wish,
    change,
    promises,
    approvals,
    track,
    rating,
    reopening,
    backoffice,
    servicedesk,
    manage,
    compose,
    check,
    simulation,
    talk,
    texts,
    replay,
    people,
    hours,
    insight,
    jobs,
)
TRANSLATIONS: Final = Path(__file__).parent.parent / "translations"


def create_app(settings: Settings) -> Application:
    """Make the application for these settings."""
    app = Application("portal", static_folder=None)
    app.settings = settings
    is_https = settings.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=_database_address(settings),
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        SESSION_COOKIE_NAME="loket",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_https,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=1_000_000,
        UPLOAD_MB=settings.upload_mb,
        MAX_FORM_MEMORY_SIZE=1_000_000,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    _install(app, is_https=is_https)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _install(app: Application, *, is_https: bool) -> None:
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    install_listeners()
    install_sign_in(app)
    install_guard(app, table=ACCESS, roles_of_visitor=roles_of_visitor)
    install_forms(app)
    install_language(app, translations=str(TRANSLATIONS), zone=app.settings.zone, default=app.settings.language)
    install_filters(app)
    install_htmx(app)
    init_assets(app)
    install_failures(app)
    install_headers(app, is_https=is_https)
    app.context_processor(navigation)
    if app.settings.trusted_proxies:
        hops = app.settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # the documented way


def _database_address(settings: Settings) -> str:
    """Give the address with a SQLite file that is absolute, in a folder that exists."""
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return settings.database_url
    path = Path(url.database)
    path = path if path.is_absolute() else instance_folder().parent / path
    path.parent.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{path}"


def _engine_options(settings: Settings) -> dict[str, object]:
    if settings.database_url.startswith("sqlite"):
        return {"connect_args": {"check_same_thread": False}, "pool_size": 20, "max_overflow": 20}
    # A server that was restarted is noticed before a connection is used.
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10, "pool_timeout": 5}
