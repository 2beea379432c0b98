"""The report as PDF, with fonts of its own: the same on every machine."""

from datetime import datetime

import msgspec
import typst

from dean06 import settings
from dean06.pack.document import Document

_TEMPLATE = settings.TEMPLATES / "report_pack" / "report.typ"
_FONTS = settings.PROJECT / "include" / "fonts"


def write(document: Document, made_at: datetime) -> bytes:
    """Return the PDF. ``made_at``: the time that it bears."""
    compiler = typst.Compiler(
        root=str(_TEMPLATE.parent),
        font_paths=[str(_FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"report": msgspec.json.encode(document).decode()},
    )
    written = compiler.compile(
        input=str(_TEMPLATE),
        format="pdf",
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(written, bytes)  # noqa: S101 - one document is one file
    return written
