"""Resources of a shape met before: read as the exact reader reads them, whatever is changed."""

import copy
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dean06 import contract
from dean06.sources.health import flattener
from dean06.wire import ndjson
from dean06.wire.fhir_shapes import Shapes
from tests.faults.hostile import fixture

DATASETS = [contract.load("health").dataset(name) for name in ("encounter", "immunization")]
TEXTS: list[Any] = [
    "",
    "official",
    "old",
    "temp",
    "2022",
    "2022-10-31",
    "#p",
    "p",
    "x",
    "Patient",
    "Encounter",
]
SYSTEMS = [
    "https://dean06.example/fhir/sid/so-dinh-danh",
    "https://dean06.example/fhir/sid/cmnd",
    "https://dean06.example/fhir/sid/co-so-kham-chua-benh",
    "http://hl7.org/fhir/sid/cvx",
    "https://elsewhere.example/system",
]
VALUES: list[Any] = [
    None, True, False, 0, 7, -1, 7.0, 10**12, [], {}, [None], {"start": "2023"}, {"end": "2021"},
    {"reference": "#p"}, {"reference": "#x"}, *TEXTS, *SYSTEMS,
]  # fmt: skip
ADDED: list[Any] = [None, {"start": "2023"}, {"reference": "#p"}, "x"]
NAMES = [
    "use", "system", "period", "url", "value", "text", "family", "given", "reference", "id",
    "subject", "patient", "implicitRules", "modifierExtension", "resourceType", "more",
]  # fmt: skip
Edit = Callable[[Any], None]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every member and item inside, with what holds it."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for step, found in list(inner):
        yield value, step
        if isinstance(found, dict | list):
            yield from places(found)


def edit_of(kind: str, number: int, name: str, value: Any) -> Edit:
    """A change of a resource at the place of that number."""

    def edit(resource: Any) -> None:
        found = list(places(resource))
        holder, step = found[number % len(found)]
        inside = holder[step]
        if kind == "set":
            holder[step] = copy.deepcopy(value)
        elif kind == "drop":
            del holder[step]
        elif kind == "add" and isinstance(inside, dict):
            inside[name] = copy.deepcopy(value)
        elif kind == "twice" and isinstance(inside, list) and inside:
            inside.append(copy.deepcopy(inside[0]))

    return edit


EDITS = st.builds(
    edit_of,
    st.sampled_from(["set", "drop", "add", "twice"]),
    st.integers(0, 200),
    st.sampled_from(NAMES),
    st.sampled_from(VALUES),
)


def every_edit(resource: Any) -> Iterator[Edit]:
    """Every single change of a resource."""
    for number, (holder, step) in enumerate(places(resource)):
        yield edit_of("drop", number, "", None)
        yield edit_of("twice", number, "", None)
        for value in VALUES:
            yield edit_of("set", number, "", value)
            if isinstance(holder[step], dict):
                for name in NAMES if value in ADDED else ():
                    yield edit_of("add", number, name, value)


def bases(dataset: Any) -> list[Any]:
    """A resource of the dataset, and one whose Patient has more names and numbers."""
    first = json.loads(fixture(dataset)["lines"][0])
    more = copy.deepcopy(first)
    more["contained"][0]["name"] = [
        {"use": "official", "family": "Nguyễn", "given": ["Thị", "Bích", "Thử"]},
        {"use": "old", "text": "Nguyễn Thử"},
    ]
    more["contained"][0]["identifier"] = [
        {"system": SYSTEMS[1], "value": "311111111"},
        {"system": SYSTEMS[0], "value": "082190000001"},
    ]
    return [first, more]


def other(resource: Any) -> Any:
    """The same resource with other texts where nothing is decided by them."""
    found = copy.deepcopy(resource)
    for holder, step in places(found):
        text = holder[step]
        if isinstance(text, str) and step not in {"resourceType", "use", "system", "url"}:
            holder[step] = text.swapcase() if step in {"text", "family"} else text
            if step in {"value", "valueCode", "birthDate"}:
                holder[step] = text[:-1] + "3"
    return found


def written(resource: Any) -> bytes:
    """A resource as a line, without escapes."""
    return json.dumps(resource, separators=(",", ":"), ensure_ascii=False).encode()


def repeat_a_name(line: bytes) -> bytes:
    """The first member once more, with another value."""
    return b'{"resourceType":"Other",' + line[1:]


WRITTEN: list[Callable[[bytes], bytes]] = [
    lambda line: line,
    repeat_a_name,
    lambda line: line.replace(b'"birthDate":', b'"gender":"other","birthDate":', 1),
    lambda line: line.replace(b"Patient", b"\\u0050atient", 1),
    lambda line: line.replace(b":", b" : ") + b"\r",
    lambda line: line.replace(b'"male"', b'"\\u0000"', 1),
    lambda line: line[:-1],
    lambda line: line.replace(b"male", b"ma\xffle", 1),
]


def outcome(lines: list[bytes], dataset: Any, *, quick: bool) -> list[tuple[object, ...]]:
    """What is read of each line, in the order of lines."""
    flat = flattener(dataset)
    shapes = Shapes(flat) if quick else None
    batches = list(ndjson.read(io.BytesIO(b"\n".join(lines) + b"\n"), flat, shapes))
    records = [
        (n, dict(r)) for batch in batches for n, r in zip(batch.lines, batch.records, strict=True)
    ]
    problems = [(p.line, p.code, p.raw) for batch in batches for p in batch.problems]
    return sorted([*records, *problems], key=lambda found: int(str(found[0])))


@given(
    dataset=st.sampled_from(DATASETS),
    changes=st.lists(st.tuples(st.lists(EDITS, max_size=3), st.sampled_from(WRITTEN)), max_size=6),
)
def test_resources_are_read_as_the_exact_reader_reads_them(
    dataset: Any, changes: list[tuple[list[Edit], Callable[[bytes], bytes]]]
) -> None:
    lines = []
    for line in fixture(dataset)["lines"][:3]:
        for resource in (json.loads(line), other(json.loads(line))):
            lines.append(written(resource))
            for some, write in changes:
                changed = copy.deepcopy(resource)
                for edit in some:
                    edit(changed)
                lines.append(write(written(changed)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ndjson, "_LINES_AT_ONCE", 1)  # each line can be of the shape of any before
        assert outcome(lines, dataset, quick=True) == outcome(lines, dataset, quick=False)


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_no_single_change_passes_as_the_shape_met_before(
    dataset: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ndjson, "_LINES_AT_ONCE", 1)
    for base in bases(dataset):
        lines = [written(base), *(write(written(other(base))) for write in WRITTEN)]
        for edit in every_edit(base):
            changed = other(base)
            edit(changed)
            lines.append(written(changed))
        assert outcome(lines, dataset, quick=True) == outcome(lines, dataset, quick=False)


@pytest.mark.campaign
@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_whatever_shape_is_met_first_others_of_it_are_read_exactly(
    dataset: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ndjson, "_LINES_AT_ONCE", 1)
    for base in bases(dataset):
        for edit in every_edit(base):
            pair = [copy.deepcopy(base), other(base)]
            for each in pair:
                edit(each)
            lines = [written(each) for each in (*pair, pair[0])]
            assert outcome(lines, dataset, quick=True) == outcome(lines, dataset, quick=False)


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_a_line_of_a_shape_met_before_is_not_walked_through(dataset: Any) -> None:
    resource = json.loads(fixture(dataset)["lines"][0])
    first, second = (written(each) for each in (resource, other(resource)))
    assert first != second
    flat = flattener(dataset)
    shapes = Shapes(flat)
    assert shapes(first) is None
    shapes.learn(first, resource)
    assert shapes(second) == flat(other(resource))
