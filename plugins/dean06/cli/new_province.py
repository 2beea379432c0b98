"""A province of one's own: its scenario, communes and targets, written from reference data.

The scenario and the communes feed the simulated ministries; the targets are those of QĐ 766, which
bind every province. What is written holds assumptions and says so; people put their own figures in.
"""

import csv
import io
import math
import re
from datetime import date
from pathlib import Path

import msgspec

from dean06 import settings
from dean06.cli.scaffold import templates_of
from dean06.errors import Dean06Error
from dean06.reference import tables
from dean06.reference.rows import AdminUnit

SCENARIOS = "include/ministries/scenarios"
_DATA = "include/ministries/data"
_TARGETS = "include/reference/kpi_targets.csv"
_LIKE = "82"
"""The province whose targets of QĐ 766 are written again for the new one."""
_DAY = date(2022, 10, 31)
"""The day whose communes and codes a scenario of 2022 has."""
_RESIDENTS = (300_000, 20_000_000)
"""With fewer, figures that are small in a province would be none."""


class Province(msgspec.Struct, frozen=True):
    """What a person says of a new province; ``of`` checks it."""

    key: str
    code: str
    residents: int
    system_code: str
    old_id_code: str

    @property
    def files(self) -> tuple[Path, Path]:
        """The scenario and the list of communes."""
        return (
            Path(f"{SCENARIOS}/{self.key}.yaml"),
            Path(f"{_DATA}/communes_{self.code}.csv"),
        )


def new_province(province: Province, root: Path = settings.PROJECT) -> list[Path]:
    """Write the files of a province; returns them, the table of targets last.

    Raises Dean06Error in one line when a code is wrong or the scenario exists. A list of communes
    that exists stays, and so do targets.
    """
    unit = _unit(province)
    scenario, communes = province.files
    _check(province, root)
    (root / scenario).write_text(_scenario(province, unit, root), encoding="utf-8")
    written = [scenario]
    if not (root / communes).exists():
        (root / communes).write_text(_communes(province.code), encoding="utf-8")
        written.append(communes)
    if added := _targets(province.code, root):
        with (root / _TARGETS).open("a", encoding="utf-8") as file:
            file.write(added)
        written.append(Path(_TARGETS))
    return written


def _check(province: Province, root: Path) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", province.key):
        raise Dean06Error(
            f"{province.key!r}: a key consists of lower-case letters, digits and _, such as "
            "long_an_2022"
        )
    if (root / province.files[0]).exists():
        raise Dean06Error(f"province {province.key!r} exists: {province.files[0]}")
    least, most = _RESIDENTS
    if not least <= province.residents <= most:
        raise Dean06Error(f"residents must be between {least} and {most}")
    if not re.fullmatch(r"H\d\d", province.system_code):
        raise Dean06Error(
            f"{province.system_code!r}: the portal's code of a province is H and two digits (H58)"
        )
    if not re.fullmatch(r"\d\d", province.old_id_code):
        raise Dean06Error(
            f"{province.old_id_code!r}: the code of nine-digit cards is two digits, such as 31"
        )


def _unit(province: Province) -> AdminUnit:
    """The province of 2022 that the code means."""
    found = [
        unit
        for unit in tables.admin_units()
        if (unit.unit_level, unit.unit_code) == ("province", province.code)
        and unit.is_valid_on(_DAY)
    ]
    if not found:
        raise Dean06Error(
            f"no province had the code {province.code!r} in 2022: see "
            "include/reference/admin_units.csv"
        )
    return found[0]


def _scenario(province: Province, unit: AdminUnit, root: Path) -> str:
    with (root / _DATA / "birth_provinces.csv").open(encoding="utf-8", newline="") as file:
        codes = {row["province_code"]: row for row in csv.DictReader(file)}[province.code]
    return (
        templates_of("province")
        .get_template("scenario.jinja")
        .render(
            **msgspec.structs.asdict(province),
            name=re.sub(r"^(Tỉnh|Thành phố) ", "", unit.unit_name),
            birth_code=codes["birth_code"],
            exam_code=codes["exam_code"],
            of=lambda for_a_million: math.floor(for_a_million * province.residents / 1_000_000),
        )
    )


def _communes(code: str) -> str:
    """The communes of 2022 with their districts, in order of code."""
    units = [u for u in tables.admin_units() if u.province_code == code and u.is_valid_on(_DAY)]
    districts = {unit.unit_code: unit.unit_name for unit in units if unit.unit_level == "district"}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("commune_code", "commune_name", "district_code", "district_name"))
    for unit in sorted(units, key=lambda unit: unit.unit_code):
        if unit.unit_level == "commune":
            district = unit.parent_code or ""
            writer.writerow((unit.unit_code, unit.unit_name, district, districts[district]))
    return text.getvalue()


def _targets(code: str, root: Path) -> str:
    """Lines of the table of targets: those of QĐ 766, unless the province has them."""
    lines = (root / _TARGETS).read_text(encoding="utf-8").splitlines(keepends=True)
    table = [line for line in lines if not line.startswith("#")]
    rows = list(csv.DictReader(table))
    if any(row["target_id"].endswith(f"-{code}") for row in rows):
        return ""
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    for row in rows:
        name = row["target_id"].removesuffix(f"-{_LIKE}")
        if row["target_id"].startswith("Q766-") and row["unit_code"] == _LIKE:
            writer.writerow({**row, "target_id": f"{name}-{code}", "unit_code": code})
    return text.getvalue()
