"""Two provinces and the country, from the ministries to the national table."""

from pathlib import Path

import pytest

from tests.conftest import Cluster
from tests.country.__main__ import KNOWN, differences


@pytest.mark.campaign
@pytest.mark.usefixtures("airflow")
def test_national_values_are_the_provinces_sum_and_the_truth(
    cluster: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``make country`` with fewer sources: provinces that are one on current boundaries."""
    tmp_path.chmod(0o755)
    assert differences(cluster, tmp_path, KNOWN[:1], ("programme", "police")) == []
    shown = capsys.readouterr().out
    assert shown.count("GENUINE") == 3
    assert "population.permanent_residents" in shown
