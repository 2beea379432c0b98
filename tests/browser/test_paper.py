"""Pages on paper: one KPI on one sheet of A4, the list compact, in light colours, without what only
a screen needs."""

import re

import numpy as np
import pypdfium2
import pytest

from tests.browser.conftest import DAY, Visitor, Visitors
from tests.lib.loading import rows

A4 = (595, 842)
WITH_TARGET = "id_card.eligible_with_dossier"
NOT_ON_PAPER = (
    "Tải về",
    "CSV",
    "English",
    "Đăng xuất",
    "Hôm nay",
    "←",
    "Chọn ngày",
    "Bảng số liệu",
)


def printed(visitor: Visitor) -> pypdfium2.PdfDocument:
    """The page as a browser prints it, without background graphics."""
    return pypdfium2.PdfDocument(visitor.page.pdf(prefer_css_page_size=True))


def text_of(sheets: pypdfium2.PdfDocument) -> str:
    """The words without spaces: a PDF places letters, not words."""
    return squeezed("".join(sheet.get_textpage().get_text_range() for sheet in sheets))


def squeezed(text: str) -> str:
    return "".join(text.split())


def colours_of(sheets: pypdfium2.PdfDocument) -> dict[tuple[int, ...], float]:
    """Share of the first sheet that each colour has, as red, green, blue."""
    picture = sheets[0].render(scale=1.5, rev_byteorder=True).to_numpy()
    colours, counts = np.unique(picture.reshape(-1, 3), axis=0, return_counts=True)
    return {
        tuple(map(int, colour)): count / counts.sum()
        for colour, count in zip(colours, counts, strict=True)
    }


@pytest.fixture
def visitor(visitors: Visitors) -> Visitor:
    return visitors.of("viewer", 1280)


def test_each_kpi_fits_on_one_sheet(visitor: Visitor) -> None:
    """Those with the longest pages: with targets and a map, with the most words, breakdowns."""
    codes = [
        code for (code,) in rows(
            """select kpi_code from mart.kpi_definition
               where kpi_code in (select kpi_code from mart.kpi_value)
               order by kpi_code in (select kpi_code from mart.kpi_status) desc,
                   length(formula_vi) + length(legal_basis) desc, kpi_code limit 16"""
        )
    ]  # fmt: skip
    assert WITH_TARGET in codes
    more = {}
    for code in codes:
        visitor.open(f"/dean06/kpis/{code}?day={DAY}&lang=vi")
        if (count := len(printed(visitor))) != 1:
            more[code] = count
    assert more == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_kpi_on_paper_says_what_its_page_says(
    visitors: Visitors, scheme: str, width: int
) -> None:
    visitor = visitors.of("viewer", width, scheme)
    visitor.open(f"/dean06/kpis/{WITH_TARGET}?day={DAY}&lang=vi")
    sheets = printed(visitor)
    assert tuple(round(side) for side in sheets[0].get_size()) == A4
    text = text_of(sheets)
    for told in (
        "Tỉnh Tiền Giang · 31/10/2022",
        "Thành phố Mỹ Tho",
        "thời hạn", "công bố lúc", "Diễn biến theo thời gian",
        "Các lần công bố số liệu ngày 31/10/2022",
        "Các xã dưới mục tiêu, từ thấp đến cao",
    ):  # fmt: skip
        assert squeezed(told) in text, told
    assert re.search("đạt|đúngtiếnđộ|chậmtiếnđộ|khôngđạt|chưađánhgiáđược", text)
    assert [told for told in NOT_ON_PAPER if squeezed(told) in text] == []
    colours = colours_of(sheets)
    assert colours[255, 255, 255] > 0.7, "not on white"
    assert (11, 87, 164) in colours, "no line of the chart, as on a light screen"


def test_the_list_is_compact(visitor: Visitor) -> None:
    visitor.open(f"/dean06/kpis?day={DAY}&lang=vi")
    names = {name.strip() for name in visitor.page.locator("table.values th a").all_text_contents()}
    assert len(names) > 30
    sheets = printed(visitor)
    assert len(sheets) <= 5
    text = text_of(sheets)
    assert [name for name in names if squeezed(name) not in text] == []
    assert [told for told in NOT_ON_PAPER if squeezed(told) in text] == []
    folded = visitor.page.locator("details[data-paper]:not([open])")
    assert folded.count() == visitor.page.locator("details[data-paper]").count() > 0
