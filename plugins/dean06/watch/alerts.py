"""Notifying people by e-mail, webhook or whatever service Apprise knows (``DEAN06_ALERT_URLS``).

A service that cannot be reached is reported by its name alone: its URL holds secrets.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from dean06 import settings
from dean06.details.detail import detail
from dean06.errors import Dean06Error

log = logging.getLogger(__name__)


def send(title: str, body: str) -> None:
    """Write one message to the log and send it to every URL.

    Raises Dean06Error naming the services that did not take it.
    """
    log.warning("%s\n%s", title, body)
    deliver(settings.alert_urls(), "DEAN06_ALERT_URLS", title, body)


def deliver(
    urls: Sequence[str], setting: str, title: str, body: str, files: Sequence[Path] = ()
) -> None:
    """Send one message, with files, to every one of the URLs, which are named by ``setting``.

    Raises Dean06Error naming the services that did not take it.
    """
    import apprise  # half a second, only when there is something to send

    attached = [str(file) for file in files] or None
    refused = []
    for url in urls:
        service = urlsplit(url).scheme
        address = apprise.Apprise()
        # Named as text, each line stays a line in mail programs that show HTML.
        text = apprise.NotifyFormat.TEXT
        if not (
            address.add(url)
            and address.notify(title=title, body=body, body_format=text, attach=attached)
        ):
            refused.append(service)
    if refused:
        raise Dean06Error(detail("alert_not_accepted", setting=setting, services=refused))
