"""Notifying people by e-mail, webhook or whatever service Apprise knows (``DEAN06_ALERT_URLS``).

A service that did not take a message is reported by its name and its place among the URLs: the URL
itself holds secrets and recipients. The lines that Apprise logs hold them too, so none is kept.
"""

import logging
import smtplib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from dean06 import settings
from dean06.details.detail import Detail, detail
from dean06.errors import Dean06Error

log = logging.getLogger(__name__)

ALERTS = "DEAN06_ALERT_URLS"
REPORTS = "DEAN06_REPORT_URLS"


@dataclass(frozen=True)
class Delivery:
    """What became of a message at one URL."""

    number: int
    """Place of the URL in its setting, from 1."""
    service: str
    """Kind of service, such as ``mailto``."""
    fault: Detail | None = None
    """Why the message was not taken; None when it was."""
    remark: Detail | None = None
    """What of the URL was left out, such as a recipient that is not an e-mail address."""


def send(title: str, body: str) -> None:
    """Write one message to the log and send it to every URL.

    Raises Dean06Error naming the services that did not take it.
    """
    log.warning("%s\n%s", title, body)
    faults = _faults(attempt(settings.alert_urls(), title, body))
    if faults:
        raise Dean06Error(detail("alert_not_accepted", setting=ALERTS, services=faults))


def deliver(urls: Sequence[str], title: str, body: str, files: Sequence[Path] = ()) -> None:
    """Send one message, with files, to every one of the URLs of ``DEAN06_REPORT_URLS``.

    Raises Dean06Error naming the services that did not take it.
    """
    faults = _faults(attempt(urls, title, body, files))
    if faults:
        raise Dean06Error(detail("report_not_accepted", setting=REPORTS, services=faults))


def attempt(
    urls: Sequence[str], title: str, body: str, files: Sequence[Path] = ()
) -> list[Delivery]:
    """Send one message, with files, to every URL; what became of it at each of them."""
    return [
        _attempt(number, url, title, body, [str(file) for file in files] or None)
        for number, url in enumerate(urls, start=1)
    ]


def _attempt(
    number: int, url: str, title: str, body: str, attached: Sequence[str] | None
) -> Delivery:
    import apprise  # half a second, only when there is something to send

    service = _service_of(url)

    def said(code: str) -> Detail:
        return detail(code, number=number, service=service)

    with _unlogged() as lines:
        address = apprise.Apprise()
        if not address.add(url):
            return Delivery(number, service, said("alert_url_invalid"))
        remark = said("alert_url_partly_used") if lines.warned else None
        # Named as text, each line stays a line in mail programs that show HTML.
        text = apprise.NotifyFormat.TEXT
        is_taken = address.notify(title=title, body=body, body_format=text, attach=attached)
    return Delivery(number, service, None if is_taken else said(lines.reason), remark)


def _service_of(url: str) -> str:
    """The kind of service. What stands before the first ``:`` of another text may be a user."""
    scheme, mark, _ = url.partition("://")
    return scheme if mark and scheme.isalnum() else "?"


def _faults(done: Sequence[Delivery]) -> list[Detail]:
    for each in done:
        if each.remark is not None:
            log.warning("%s", each.remark)
    return [each.fault for each in done if each.fault is not None]


class _Lines:
    """What kind Apprise's lines about one message were."""

    def __init__(self) -> None:
        self.warned = False
        """Whether there was a warning."""
        self._error: BaseException | None = None

    def hear(self, record: logging.LogRecord) -> None:
        """Remember the kind of a line; its text names recipients."""
        self.warned = self.warned or record.levelno >= logging.WARNING
        self._error = sys.exc_info()[1] or self._error

    @property
    def reason(self) -> str:
        """The code of why a message was not taken: by the last error that Apprise wrote about."""
        if isinstance(self._error, smtplib.SMTPAuthenticationError):
            return "alert_login_refused"
        if isinstance(self._error, OSError) and not isinstance(
            self._error,
            smtplib.SMTPResponseException
            | smtplib.SMTPRecipientsRefused
            | smtplib.SMTPNotSupportedError,
        ):
            return "alert_unreachable"
        return "alert_refused"


_hearing: ContextVar[_Lines | None] = ContextVar("who hears Apprise's lines", default=None)
"""Of the message that this thread sends: threads of other provinces send theirs meanwhile. Apprise
hands it on to the threads that it starts."""


def _hear(record: logging.LogRecord) -> bool:
    """Let none of Apprise's lines pass, whoever sends."""
    lines = _hearing.get()
    if lines is not None:
        lines.hear(record)
    return False


@contextmanager
def _unlogged() -> Iterator[_Lines]:
    """Keep what Apprise logs out of every log, at every level, from now on. Nothing of this is
    undone after a message, since another thread may be sending one."""
    logger = logging.getLogger("apprise")
    logger.addFilter(_hear)
    logger.setLevel(logging.DEBUG)  # the error of a mail server is written at this level only
    logger.propagate = False  # lines of loggers below it do not pass its filter
    lines = _Lines()
    token = _hearing.set(lines)
    try:
        yield lines
    finally:
        _hearing.reset(token)
