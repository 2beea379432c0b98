"""A report as text: the same paragraphs and tables for Word and for PDF, every figure in words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from dean06 import settings
from dean06.figures.words import Language, Words
from dean06.pack import behind, phrases, restated, sections
from dean06.pack.block import Block
from dean06.pack.content import Content


@dataclass(frozen=True)
class Document:
    """A report, laid out as NĐ 30/2020/NĐ-CP says. Number, day and name are left to the office."""

    language: Language
    authority: str
    issuer: str
    number: str
    nation: str
    motto: str
    place_and_day: str
    kind: str
    subject: str
    grounds: tuple[str, ...]
    blocks: tuple[Block, ...]
    recipients: tuple[str, ...]
    signed_by: str
    labels: dict[str, str] = field(default_factory=dict)


def of(content: Content, language: Language) -> Document:
    """The report in words."""
    w = Words(language)
    unit = w.unit(content.province)
    place = unit
    for kind in ("Tỉnh ", "Thành phố "):
        place = place.removeprefix(kind)
    for kind in (" province", " city"):
        place = place.removesuffix(kind)
    return Document(
        language=language,
        authority=w.say(f"ỦY BAN NHÂN DÂN\n{unit}".upper(), f"PEOPLE'S COMMITTEE\n{unit}".upper()),
        issuer=w.say("TỔ CÔNG TÁC ĐỀ ÁN 06", "WORKING GROUP ON PROJECT 06"),
        number=w.say("Số: ……/BC-TCTĐA06", "No. ……/BC-TCTĐA06"),
        nation=w.say("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SOCIALIST REPUBLIC OF VIETNAM"),
        motto=w.say("Độc lập - Tự do - Hạnh phúc", "Independence - Freedom - Happiness"),
        place_and_day=w.say(f"{place}, ngày … tháng … năm ……", f"{place}, (day) … (month) … ……"),
        kind=w.say("BÁO CÁO", "REPORT"),
        subject=w.say(
            f"Kết quả thực hiện các chỉ tiêu Đề án 06 {content.span.words.vi}",
            f"KPIs of Project 06: {content.span.words.en}",
        ),
        grounds=_grounds(w),
        blocks=tuple(_blocks(content, w)),
        recipients=(
            w.say("Ban Chỉ đạo Đề án 06 tỉnh;", "Provincial steering committee of Project 06"),
            w.say("Các sở, ban, ngành, Ủy ban nhân dân cấp xã;", "Departments, communes"),
            w.say("Lưu: VT, TCTĐA06.", "Archive."),
        ),
        signed_by=w.say("TỔ TRƯỞNG", "HEAD OF THE WORKING GROUP"),
        labels={
            "recipients": w.say("Nơi nhận:", "Recipients:"),
            "sign": w.say("(Chữ ký, dấu; họ và tên)", "(Signature, seal; name)"),
        },
    )


def _grounds(w: Words) -> tuple[str, ...]:
    return (
        w.say(
            "Căn cứ Quyết định số 06/QĐ-TTg ngày 06 tháng 01 năm 2022 của Thủ tướng Chính phủ phê "
            "duyệt Đề án phát triển ứng dụng dữ liệu về dân cư, định danh và xác thực điện tử phục "
            "vụ chuyển đổi số quốc gia giai đoạn 2022 - 2025, tầm nhìn đến năm 2030;",
            "On the basis of Decision 06/QĐ-TTg of 6 January 2022 (Project 06);",
        ),
        w.say(
            "Căn cứ Quyết định số 766/QĐ-TTg ngày 23 tháng 6 năm 2022 của Thủ tướng Chính phủ phê "
            "duyệt Bộ chỉ số chỉ đạo, điều hành và đánh giá chất lượng phục vụ người dân, doanh "
            "nghiệp trong thực hiện thủ tục hành chính, dịch vụ công theo thời gian thực trên môi "
            "trường điện tử.",
            "On the basis of Decision 766/QĐ-TTg of 23 June 2022 (service quality index).",
        ),
    )


def _blocks(content: Content, w: Words) -> Iterable[Block]:
    yield Block(
        "paragraph",
        w.say(
            "Tổ công tác Đề án 06 báo cáo kết quả thực hiện các chỉ tiêu Đề án 06 "
            f"{content.span.words.vi} như sau:",
            f"The working group on Project 06 reports its KPIs of {content.span.words.en}:",
        ),
    )
    yield Block("heading", w.say("I. KẾT QUẢ CHUNG", "I. OVERVIEW"))
    yield from (Block("paragraph", text) for text in _state(content, w))
    standings = content.standings
    if standings:
        yield from sections.overview(standings, w)
    else:
        yield Block(
            "paragraph",
            w.say("Chưa đánh giá được do chưa có mục tiêu nào.", "Nothing to assess: no target."),
        )
    yield Block(
        "heading",
        w.say(
            "II. KẾT QUẢ THEO NĂM NHÓM TIỆN ÍCH CỦA ĐỀ ÁN 06",
            "II. KPIS BY THE FIVE GROUPS OF PROJECT 06",
        ),
    )
    yield from sections.groups(content, w)
    yield Block(
        "heading",
        w.say(
            "III. ĐƠN VỊ CHƯA ĐẠT MỤC TIÊU, CƠ QUAN CÓ NHIỆM VỤ QUÁ HẠN",
            "III. UNITS BELOW TARGET, AGENCIES WITH OVERDUE TASKS",
        ),
    )
    yield from behind.communes(content, w)
    yield from behind.agencies(content, w)
    yield Block("heading", w.say("IV. SỐ LIỆU ĐƯỢC ĐIỀU CHỈNH", "IV. RESTATED FIGURES"))
    yield from restated.section(content, w)
    yield Block("heading", w.say("V. GHI CHÚ", "V. NOTES"))
    yield Block("paragraph", _notes(w))


def _notes(w: Words) -> str:
    least = settings.smallest_shown_count()
    persons, other = phrases.hidden(w, "person"), phrases.hidden(w, "")
    return w.say(
        f"Ô ghi “{persons}” là số liệu dưới {least} người hoặc số liệu có thể dùng để suy ra số "
        f"liệu dưới {least} người. Ô ghi “{other}” là số lượng nhỏ không tính theo người, tỷ lệ "
        "tính từ số liệu nhỏ, hoặc số liệu có thể dùng để suy ra số lượng nhỏ. Ô ghi “chưa có số "
        "liệu” có nêu lý do và không có nghĩa là bằng 0. Số liệu theo xã và theo phân tổ đã được "
        "làm tròn. Số liệu của tất cả chỉ tiêu và tất cả xã, kèm số và thời điểm của lần công bố, "
        "có tại phụ lục (tệp XLSX).",
        f"“{persons}” means a count below {least} persons, or one that would reveal such a count; "
        f"“{other}” means a small count of something other than persons, a share of small counts, "
        "or a value that would reveal such a count. “Not available” is shown with a reason and "
        "never means zero. Figures by commune and by breakdown are rounded. All KPIs and communes "
        "are in the XLSX annex.",
    )


def _state(content: Content, w: Words) -> Iterable[str]:
    day, publication = content.day, content.publication
    if (scale := settings.target_scale()) != 1:
        yield _simulated(scale, w)
    yield w.say(
        f"Số liệu tính đến hết ngày {w.day(day)}, theo lần công bố số "
        f"{publication.publication_id} lúc {w.at(publication.published_at)}.",
        f"Figures up to {w.day(day)}, as of publication {publication.publication_id} of "
        f"{w.moment(publication.published_at)}.",
    )
    if day < content.span.last_day:
        last = w.day(content.span.last_day)
        yield w.say(
            f"Chưa công bố số liệu của ngày cuối kỳ ({last}) nên báo cáo này chưa phản ánh đủ cả "
            "kỳ.",
            f"Nothing is published for the last day, {last}: the report covers part of the period.",
        )
    if content.closing is not None:
        yield w.say(
            f"Kỳ này đã chốt số liệu lúc {w.at(content.closing.closed_at)}, theo lần công bố số "
            f"{content.closing.publication_id}. Báo cáo này dùng số liệu của lần công bố số "
            f"{publication.publication_id}; các thay đổi sau khi chốt là số liệu điều chỉnh.",
            f"The period was closed at {w.moment(content.closing.closed_at)} with publication "
            f"{content.closing.publication_id}; later changes are revisions.",
        )


def _simulated(scale: Decimal, w: Words) -> str:
    """That the data are those of a part of a province, made up: never to be signed unawares."""
    size = w.scale(scale)
    return w.say(
        f"Dữ liệu mô phỏng, quy mô {size}, mục tiêu thu nhỏ theo cùng tỷ lệ.",
        f"Simulated data, scale {size}; targets are reduced by the same ratio.",
    )
