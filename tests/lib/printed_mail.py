"""What ``make mailbox`` starts: a mail server that prints each message as people read it."""

from datetime import datetime
from email import message_from_bytes, policy
from typing import Any

from dean06 import settings


class Printing:
    """Takes every message and prints its arrival, subject, recipients and text."""

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        """Called by aiosmtpd for each message."""
        mail = message_from_bytes(envelope.content, policy=policy.default)
        body = mail.get_body(("plain", "html"))
        text = body.get_content() if body is not None else ""
        print(f"--- {datetime.now(settings.TIMEZONE):%H:%M:%S} to {', '.join(envelope.rcpt_tos)}")
        print(f"{mail['subject']}\n\n{text.strip()}\n", flush=True)
        return "250 OK"
