"""Secrets of an installation on one machine: long enough, kept, readable by their owner only."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from onebox import used
from onebox.config import Config, ConfigError


def test_the_key_of_logins_is_as_long_as_its_algorithm_asks(tmp_path: Path) -> None:
    config = replace(Config.read(), home=tmp_path)
    key = config.secret("jwt")
    assert len(key.encode()) >= 64  # HS512 (RFC 7518, 3.2)
    assert config.secret("jwt") == key
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_a_login_lasts_a_working_day(tmp_path: Path) -> None:
    config = replace(Config.read(), home=tmp_path)
    config.prepare()
    lasting = int(
        config.environment("", "", "2022-01-06")["AIRFLOW__API_AUTH__JWT_EXPIRATION_TIME"]
    )
    assert lasting == 8 * 3600


def test_a_day_is_synced_at_the_port_that_make_run_was_given(tmp_path: Path) -> None:
    config = replace(Config.read(), home=tmp_path)
    assert config.as_started() == config, "nothing was started yet"
    (tmp_path / "environment.json").write_text(json.dumps({"DEAN06_AIRFLOW_PORT": "8090"}))
    assert config.as_started().airflow_url == "http://localhost:8090"


@pytest.mark.parametrize("server", ["127.0.0.1:5460", "db.example.vn:5432"])
def test_keys_go_with_the_warehouse_and_stay_with_another_one(tmp_path: Path, server: str) -> None:
    config = replace(Config.read(), home=tmp_path / "home", warehouse_dsn=None)
    config.prepare()
    keys = [config.home / name for name in ("token_keys.json", "audit_key.pem")]
    for key in keys:
        key.write_text("x")
    started = {
        "DEAN06_POSTGRES_PORT": "5460", "DEAN06_WAREHOUSE_DSN": f"postgresql://x:y@{server}/dean06",
    }  # fmt: skip
    (config.home / "environment.json").write_text(json.dumps(started))
    is_own = server.startswith("127")
    assert config.remove() == ([] if is_own else keys)
    assert sorted(tmp_path.rglob("*.*")) == ([] if is_own else sorted(keys))


def test_an_installation_keeps_its_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Residents of two simulated provinces, or of two scales, are not counted together."""
    monkeypatch.setenv("DEAN06_HOME", str(tmp_path))
    for name in ("DEAN06_SCENARIO", "DEAN06_SCALE", "DEAN06_SEED"):
        monkeypatch.delenv(name, raising=False)
    first = Config.read()
    assert (first.scenario, first.scale, first.seed) == ("tien_giang_2022", "0.01", "2022")
    started = {
        "DEAN06_SCENARIO": "thai_binh_2023", "DEAN06_SCALE": "0.001", "DEAN06_SEED": "7",
    }  # fmt: skip
    (tmp_path / "environment.json").write_text(json.dumps(started))
    again = Config.read()
    assert (again.scenario, again.scale, again.seed) == ("thai_binh_2023", "0.001", "7")
    used.require_same_world(again)
    monkeypatch.setenv("DEAN06_SCALE", "0.01")
    used.require_same_world(Config.read())  # nothing has landed yet
    (tmp_path / "landing" / "police").mkdir(parents=True)
    (tmp_path / "landing" / "police" / "page").touch()
    with pytest.raises(ConfigError, match=r"SCALE=0\.001; data with SCALE=0\.01 cannot be added"):
        used.require_same_world(Config.read())
