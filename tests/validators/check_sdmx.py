"""Read SDMX with pysdmx: the structure, validated against SDMX's schema, and the data by it; run in
the environment of ``pysdmx.txt``. Every code has to be in its code list."""

import sys
from importlib.metadata import version
from pathlib import Path

from pysdmx.io import get_datasets, read_sdmx

structure, data = map(Path, sys.argv[1:])
message = read_sdmx(structure, validate=True)
(dataset,) = get_datasets(data, structure)
columns = {component.id: component for component in dataset.structure.components}
faults = [f"{name}: not in the structure" for name in dataset.data.columns if name not in columns]
for name, component in columns.items():
    if component.required and (dataset.data[name] == "").any():
        faults.append(f"{name}: required, and empty")
    if component.enumeration:
        codes = {"", *(code.id for code in component.enumeration.codes)}
        unknown = set(dataset.data[name]) - codes
        faults += [f"{name}: {code} is in no code list" for code in sorted(unknown)]
print(f"pysdmx {version('pysdmx')}: {len(message.structures)} structures, {len(dataset.data)} rows")
print("\n".join(faults))
sys.exit(1 if faults else 0)
