"""The map of tiles (``mart.kpi_tile``): each commune has a place of its own."""

from collections import Counter

import pytest

from tests.lib.loading import rows
from tests.lib.published import seen_by_bi
from tests.lib.values import Value, publish

pytestmark = pytest.mark.usefixtures("warehouse")
DAY, KPI = "2022-10-31", "id_card.eligible_with_dossier"
TWINS = {"80": "808", "82": "821"}
"""Provinces that both have a Huyện Châu Thành."""


def test_districts_of_one_name_have_rows_of_their_own() -> None:
    communes = rows(
        """select unit_code, province_code, parent_code from mart.dim_admin_unit
           where unit_level = 'commune' and province_code in ('80', '82')
               and parent_code <> province_code
               and valid_from <= :day and (valid_to is null or valid_to > :day)""",
        day=DAY,
    )
    assert {parent for _, _, parent in communes} > set(TWINS.values())
    publish(
        DAY,
        [
            *(Value(KPI, 50, 100, unit=code, province=code) for code in TWINS),
            *(Value(KPI, 50, 100, unit=code, province=of) for code, of, _ in communes),
        ],
    )
    tiles = seen_by_bi(
        """select province_code, tile_row_vi, tile_row_en, tile_column from mart.kpi_tile
           where kpi_code = :kpi""",
        kpi=KPI,
    )
    assert len(tiles) == len(communes)
    for language in (1, 2):
        places = Counter((tile[language], tile[3]) for tile in tiles)
        assert [place for place, count in places.items() if count > 1] == []
    named = {(province, row) for province, row, _, _ in tiles}
    assert named > {
        ("80", "Huyện Châu Thành, Tỉnh Long An"), ("82", "Huyện Châu Thành, Tỉnh Tiền Giang"),
        ("82", "Thành phố Mỹ Tho"),
    }  # fmt: skip
