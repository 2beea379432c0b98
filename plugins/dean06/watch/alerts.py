"""Notifying people by e-mail, webhook or whatever service Apprise knows (``DEAN06_ALERT_URLS``).

A service that cannot be reached is reported by its name alone: its URL holds secrets.
"""

import logging
from urllib.parse import urlsplit

from dean06 import settings
from dean06.errors import Dean06Error

log = logging.getLogger(__name__)


def send(title: str, body: str) -> None:
    """Write one message to the log and send it to every URL.

    Raises Dean06Error naming the services that did not take it.
    """
    import apprise  # half a second, only when there is something to send

    log.warning("%s\n%s", title, body)
    refused = []
    for url in settings.alert_urls():
        service = urlsplit(url).scheme
        address = apprise.Apprise()
        if not (address.add(url) and address.notify(title=title, body=body)):
            refused.append(service)
    if refused:
        raise Dean06Error(
            f"DEAN06_ALERT_URLS: {', '.join(refused)} did not take the message; it is sent again "
            "at the next check"
        )
