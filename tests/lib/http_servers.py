"""HTTP servers of tests, whose clients may hang up."""

import sys
from http.server import ThreadingHTTPServer
from typing import Any


class PatientServer(ThreadingHTTPServer):
    """A client that hangs up, as one does that has read enough, is no error of a server."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report what is one."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)
