"""Names of the row counts of a load, in the order in which reports print them."""

from dean06.contract import Bilingual

COUNTS = {
    "received": Bilingual("received", "nhận"),
    "inserted": Bilingual("inserted", "mới"),
    "updated": Bilingual("updated", "cập nhật"),
    "unchanged": Bilingual("unchanged", "không đổi"),
    "deleted": Bilingual("deleted", "xóa"),
    "superseded": Bilingual("superseded", "bị thay thế"),
    "quarantined": Bilingual("quarantined", "bị từ chối"),
}
