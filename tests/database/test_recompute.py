"""Past publications are computed again from core as core was, and are equal."""

from datetime import date
import pytest
from dean06.kpi import recompute
from dean06.kpi.build import build_kpis
from dean06.warehouse import transaction
from tests.lib.loading import load_police, resident, rows

DAY = date(2022, 10, 31)

@pytest.mark.usefixtures("warehouse")
def test_one():
    load_police("one", str(DAY), [resident()])
    build_kpis()
    load_police("two", str(DAY), [resident(soDinhDanh="082190000077")])
    build_kpis()
    for (n,) in rows("select publication_id from mart.kpi_publication order by 1"):
        found = recompute.recompute(n, "test", print)
        print(found)
        assert found.outcome == "equal"
