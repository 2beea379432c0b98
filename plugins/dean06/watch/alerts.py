"""Telling people: e-mail, webhook, or whatever address Apprise knows (``DEAN06_ALERT_URLS``).

An address that cannot be reached is reported by the name of its service alone: addresses hold
secrets.
"""

import logging
from urllib.parse import urlsplit

from dean06 import settings
from dean06.errors import Dean06Error

log = logging.getLogger(__name__)


def tell(title: str, body: str) -> None:
    """Send one message to every address; without any, the log is told.

    Raises Dean06Error naming the services that did not take it.
    """
    import apprise  # half a second, only when there is something to tell

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
