"""``python -m dean06 watch --test``: one test alert through every URL of ``DEAN06_ALERT_URLS``."""

from datetime import datetime

from dean06 import settings
from dean06.cli.language import words_of
from dean06.errors import Dean06Error
from dean06.watch import alerts

_TITLE = "dean06: THỬ CẢNH BÁO · TEST ALERT"


def run() -> bool:
    """Send a test alert and print, by place and service, which URLs accepted it; True when one did.

    Raises Dean06Error when there is no URL.
    """
    urls = settings.alert_urls()
    if not urls:
        raise Dean06Error("DEAN06_ALERT_URLS is empty: set it, then run the test again")
    at = f"{datetime.now(settings.TIMEZONE):%H:%M:%S %d/%m/%Y}"
    body = (
        f"Đây là cảnh báo thử, gửi lúc {at}; không có sự cố, không cần xử lý. | This is a test "
        f"alert, sent at {at}; nothing is wrong and there is nothing to do."
    )
    done = alerts.attempt(urls, _TITLE, body)
    w = words_of("")
    for each in done:
        if each.remark is not None:
            print(w.say(each.remark.text("vi"), each.remark.text("en")))
        taken = w.say(
            f"địa chỉ thứ {each.number} ({each.service}) đã nhận",
            f"URL {each.number} ({each.service}) accepted the test alert",
        )
        print(w.say(each.fault.text("vi"), each.fault.text("en")) if each.fault else taken)
    accepted = sum(each.fault is None for each in done)
    print(
        w.say(
            f"{accepted}/{len(done)} địa chỉ của DEAN06_ALERT_URLS đã nhận cảnh báo thử",
            f"{accepted} of {len(done)} URLs of DEAN06_ALERT_URLS accepted the test alert",
        )
    )
    return accepted > 0
