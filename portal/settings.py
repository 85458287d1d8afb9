"""Settings: one frozen object, read once from the environment; all mistakes are reported at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULT_SECRET: Final = "only-for-trying-out"  # noqa: S105  refused in production
_PREFIX: Final = "PORTAL_"
_FOR_TESTS: Final = "PORTAL_TEST_"
_MIN_SECRET: Final = 32
_MAX_PORT: Final = 65535
_MOST_MEGABYTES: Final = 100
_TRUE: Final = {"1", "true", "yes", "on"}
_FALSE: Final = {"0", "false", "no", "off", ""}


class SettingsError(ValueError):
    """The environment holds mistakes; the message lists all of them."""


def _setting(default: Any, about: str) -> Any:  # noqa: ANN401  the field's own type
    return field(default=default, metadata={"about": about})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator can choose. Each field is the variable `PORTAL_<NAME>`."""

    mode: str = _setting("demo", "demo or production; production refuses a default secret and demo accounts")
    host: str = _setting("127.0.0.1", "address to listen on")
    port: int = _setting(8000, "port to listen on")
    base_url: str = _setting("http://127.0.0.1:8000", "address people use, links in mail are made with it; follows the port unless set")
    database_url: str = _setting("sqlite:///instance/loket.db", "SQLite file or postgresql+psycopg://user@host/name")
    secret_key: str = _setting(DEFAULT_SECRET, "at least 32 signs of chance; signs sessions and makes tracking codes")
    zone: str = _setting("Europe/Amsterdam", "time zone of the organisation")
    language: str = _setting("nl", "language when a person chose none: nl or en")
    mail_host: str = _setting("", "SMTP server; empty means that mail waits in the portal")
    mail_port: int = _setting(25, "SMTP port")
    mail_user: str = _setting("", "SMTP user name; empty means no sign-in")
    mail_password: str = _setting("", "SMTP password")
    mail_tls: bool = _setting(default=False, about="use STARTTLS")
    mail_from: str = _setting("loket@loket.example", "sender of the mail")
    desk_mail: str = _setting("servicedesk@loket.example", "address of the service desk, shown when a search finds nothing")
    upload_mb: int = _setting(10, "most megabytes of one file that people send along")
    trusted_proxies: int = _setting(0, "number of proxies in front whose X-Forwarded headers are believed")
    worker: bool = _setting(default=True, about="run the worker as a thread of `portal serve`")
    workers: int = _setting(1, "number of web processes of `portal serve`")

    @property
    def is_production(self) -> bool:
        """Tell whether this is the real thing."""
        return self.mode == "production"

    @property
    def tz(self) -> ZoneInfo:
        """Give the zone of the organisation."""
        return ZoneInfo(self.zone)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings from `PORTAL_…` variables.

    :raises SettingsError: one or more variables are wrong; the message names them all.
    """
    mistakes: list[str] = []
    values: dict[str, Any] = {}
    for one in fields(Settings):
        text = environment.get(_PREFIX + one.name.upper())
        if text is not None:
            try:
                values[one.name] = _read(text.strip(), one.default)
            except ValueError as error:
                mistakes.append(f"{_PREFIX}{one.name.upper()}: {error}")
    known = {_PREFIX + one.name.upper() for one in fields(Settings)}
    ours = (name for name in sorted(environment) if name.startswith(_PREFIX) and not name.startswith(_FOR_TESTS))
    mistakes += [f"{name}: there is no such setting" for name in ours if name not in known]
    settings = Settings(**values)
    if "base_url" not in values:
        settings = replace(settings, base_url=f"http://127.0.0.1:{settings.port}")
    mistakes += _check(settings)
    if mistakes:
        raise SettingsError("The settings are not right:\n" + "\n".join(f"  * {mistake}" for mistake in mistakes))
    return settings


def _read(text: str, default: object) -> object:
    if isinstance(default, bool):
        if text.lower() in _TRUE | _FALSE:
            return text.lower() in _TRUE
        message = f"{text!r} is not yes or no"
        raise ValueError(message)
    if isinstance(default, int):
        if text.isdecimal():
            return int(text)
        message = f"{text!r} is not a whole number"
        raise ValueError(message)
    return text


def _check(settings: Settings) -> list[str]:
    checks = {
        "PORTAL_MODE: choose demo or production": settings.mode in {"demo", "production"},
        "PORTAL_PORT: a port is between 1 and 65535": 1 <= settings.port <= _MAX_PORT,
        "PORTAL_MAIL_PORT: a port is between 1 and 65535": 1 <= settings.mail_port <= _MAX_PORT,
        "PORTAL_WORKERS: at least one web process": settings.workers >= 1,
        "PORTAL_UPLOAD_MB: a file is between 1 and 100 megabytes": 1 <= settings.upload_mb <= _MOST_MEGABYTES,
        "PORTAL_LANGUAGE: choose nl or en": settings.language in {"nl", "en"},
        "PORTAL_BASE_URL: an address that starts with http:// or https://": _is_web_address(settings.base_url),
        "PORTAL_DATABASE_URL: sqlite:///file or postgresql+psycopg://user@host/name": settings.database_url.startswith(
            ("sqlite:///", "postgresql+psycopg://")
        ),
        f"PORTAL_ZONE: {settings.zone!r} is not a time zone": _is_zone(settings.zone),
        f"PORTAL_SECRET_KEY: production needs a secret of your own of at least {_MIN_SECRET} signs": not settings.is_production
        or (settings.secret_key != DEFAULT_SECRET and len(settings.secret_key) >= _MIN_SECRET),
    }
    return [mistake for mistake, is_right in checks.items() if not is_right]


def _is_web_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True


def instance_folder() -> Path:
    """Give the folder for what this installation keeps (the SQLite file): `instance/` in the working folder."""
    return Path.cwd() / "instance"
