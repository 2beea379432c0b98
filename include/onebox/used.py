"""What an installation has done before: a second ``make run`` syncs nothing that is there."""

from datetime import date

from sqlalchemy import create_engine, text

from onebox.config import Config, ConfigError, started_with
from onebox.language import say


def last_day(dsn: str) -> date | None:
    """The newest day that a warehouse has data of; None before its first KPIs are published."""
    engine = create_engine(dsn, hide_parameters=True)
    try:
        with engine.connect() as connection:
            found: date | None = connection.execute(
                text(
                    """select max(day) from ops.load
                       where status = 'published' and exists (select from mart.kpi_publication)"""
                )
            ).scalar_one()
            return found
    finally:
        engine.dispose()


def require_same_world(config: Config) -> None:
    """Raises ConfigError when files of one simulated world have landed and another is asked for:
    KPIs would count residents of both."""
    asked, before = config.world, started_with(config.home)
    changed = {name: before[name] for name in asked if before.get(name, asked[name]) != asked[name]}
    if not changed or not any(path.is_file() for path in (config.home / "landing").rglob("*")):
        return
    was = ", ".join(f"{name.removeprefix('DEAN06_')}={value}" for name, value in changed.items())
    now = ", ".join(f"{name.removeprefix('DEAN06_')}={asked[name]}" for name in changed)
    raise ConfigError(
        say(
            f"kho dữ liệu này có dữ liệu mô phỏng với {was}, không thể nạp thêm dữ liệu với {now}. "
            "Nếu muốn đổi, chạy 'make clean' (xóa dữ liệu hiện có) rồi chạy lại 'make run'",
            f"this installation has simulated data with {was}; data with {now} cannot be added. "
            "To change it, run 'make clean', which deletes the data, then 'make run' again",
        )
    )
