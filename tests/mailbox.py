"""A real SMTP server for tests: it keeps what it takes, and can refuse, fail or break off."""

import asyncio
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession


class Mailbox:
    """What the server took. `answers` are its next answers after DATA; `drops` counts connections it breaks after DATA."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: list[str] = []
        self.refused_addresses: set[str] = set()
        self.drops = 0

    async def handle_RCPT(  # noqa: N802  the name aiosmtpd calls
        self, _server: SMTP, _session: SmtpSession, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused_addresses:
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802  likewise
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            content: Any = envelope.content
            self.mails.append(message_from_bytes(content, policy=policy.default))
        if self.drops:
            self.drops -= 1
            server.transport.abort()
            await asyncio.sleep(0)
        return answer

    def to(self, address: str) -> list[EmailMessage]:
        """List what one address got."""
        return [mail for mail in self.mails if address in str(mail["To"])]
