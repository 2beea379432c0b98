"""A police server of one or more accounts, as strangers write their pages, and what core holds."""

from collections.abc import Callable
from typing import Any

from tests.lib.loading import lines_of, rows
from tests.lib.strangers_http import (
    TOKEN,
    Answer,
    Request,
    Server,
    endpoint,
    serving,
    sync,
)

DAY = "2022-10-31"
ACCOUNT: dict[str, Any] = {
    "maTaiKhoan": "E00000000001", "soDinhDanh": "082190000001", "maXa": "28249",
    "dangKyLuc": "2022-08-01T10:00:00+07:00", "nangMuc2Luc": "2022-09-01T10:00:00+07:00",
    "kichHoatLuc": None, "khoaLuc": None, "daXoa": False,
    "capNhatLuc": "2022-09-01T10:00:00+07:00",
}  # fmt: skip
Respond = Callable[[Request], Answer]


def page(number: int, total: int, link: str = "", **changes: str) -> Answer:
    """A page of one account; ``link`` is its Link header."""
    body = lines_of([{**ACCOUNT, "maTaiKhoan": f"E{number:011}"}])
    headers = {"x-record-count": "1", "x-total-count": str(total), **changes}
    return Answer(body, headers={**headers, "link": link} if link else headers)


def signed(respond: Respond, token: Answer | None = None) -> Respond:
    """A server that also gives tokens."""

    def answer(request: Request) -> Answer:
        if request.method == "POST":
            return token or Answer(TOKEN)
        return respond(request)

    return answer


def police(respond: Respond, **extra: Any) -> Server:
    """Sync the accounts of a server from the wire to core."""
    with serving(respond) as server:
        sync(endpoint(server.url, **extra), "police", "one", DAY, "eid_account")
    return server


def portal(answer: Answer) -> Server:
    with serving(signed(lambda _: answer)) as server:
        sync(endpoint(server.url), "portal", "one", DAY, "dossier")
    return server


def accounts() -> list[str]:
    return [key for (key,) in rows("select account_id from core.police__eid_account order by 1")]
