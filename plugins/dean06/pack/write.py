"""The three files of a report, and their way to the readers."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dean06 import settings
from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.figures.words import Language, Words
from dean06.pack import content, document, pdf, word, workbook
from dean06.pack.content import Content
from dean06.pack.span import ReportSpan
from dean06.storage import private_file
from dean06.watch import alerts


@dataclass(frozen=True)
class Pack:
    """The files of one province."""

    subject: str
    publication_id: int
    files: tuple[Path, ...]


def write(span: ReportSpan, folder: Path, unit: str = "", language: Language = "vi") -> list[Pack]:
    """Write Word, PDF and workbook of every province, or of one; files of these names are replaced,
    a folder that is not there is made.

    Equal publications give equal bytes. Raises Dean06Error where nothing was published, or where
    the folder cannot be made.
    """
    found = content.read(span, unit)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Dean06Error(
            detail("folder_not_made", folder=str(folder), reason=error.strerror or "")
        ) from None
    return [_write(each, folder, language) for each in found]


def _write(figures: Content, folder: Path, language: Language) -> Pack:
    text, made_at = document.of(figures, language), content.moment_of(figures)
    stem = f"{'bao-cao' if language == 'vi' else 'report'}-{figures.span.key}"
    bodies = {
        ".docx": word.write(text, made_at),
        ".pdf": pdf.write(text, made_at),
        ".xlsx": workbook.write(figures, Words(language)),
    }
    files = []
    for ending, body in bodies.items():
        target = folder / f"{stem}-{figures.province.unit_code}{ending}"
        with private_file(target, replaces=True) as output:
            output.write(body)
        files.append(target)
    return Pack(
        f"{text.kind}: {text.subject}, {Words(language).unit(figures.province)}",
        int(figures.publication.publication_id),
        tuple(files),
    )


def send(span: ReportSpan, language: Language = "vi") -> Sequence[Pack]:
    """Make the report of every province and send it to ``DEAN06_REPORT_URLS``.

    Nothing is sent where nothing was published. Raises Dean06Error then, and naming the services
    that did not take a message.
    """
    with tempfile.TemporaryDirectory() as folder:
        packs = write(span, Path(folder), language=language)
        for pack in packs:
            alerts.deliver(
                settings.report_urls(),
                pack.subject,
                Words(language).say(
                    f"Báo cáo theo lần công bố số {pack.publication_id}, gồm tệp Word, tệp PDF và "
                    "phụ lục XLSX.",
                    f"Report as of publication {pack.publication_id}: Word, PDF and XLSX annex.",
                ),
                pack.files,
            )
    return packs
