"""Handing a mail to the mail server."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from typing import Final

from portal.settings import Settings

TIMEOUT: Final = 10.0


def send(message: EmailMessage, *, settings: Settings) -> None:
    """Hand a mail to the mail server of the settings; waits at most ten seconds for each of its answers.

    :raises smtplib.SMTPException: the server refuses it.
    :raises OSError: the server is away or does not answer.
    """
    server = smtplib.SMTP(settings.mail_host, settings.mail_port, timeout=TIMEOUT)
    try:
        if settings.mail_tls:
            server.starttls(context=ssl.create_default_context())
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
        server.send_message(message)
        # The server has the mail: a goodbye that fails is no reason to send it again.
        with suppress(OSError):
            server.quit()
    finally:
        server.close()
