"""Files that pages give: their names."""

from typing import Literal

import pytest

from dean06.ui import download


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_name_from_an_address_stays_a_name(kind: Literal["csv", "xlsx"]) -> None:
    answer = download.as_file(kind, 'kpis_x"; a=\r\nX-Evil: Đ_2022-11-01', ["a"], [(1,)])
    expected = f'attachment; filename="kpis_x___a___X-Evil____2022-11-01.{kind}"'
    assert answer.headers["content-disposition"] == expected
