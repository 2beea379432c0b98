"""FHIR resources changed at random: patients, references, names, numbers, extensions, modifiers."""

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.faults.meaning.agreement import Dataset
from tests.faults.meaning.drawn import Draw
from tests.faults.meaning.trees import Members
from tests.faults.meaning.values import VIETNAM

_PERSONAL, _OLD = (f"https://dean06.example/fhir/sid/{name}" for name in ("so-dinh-danh", "cmnd"))
_PAST = "Phạm Thị Cũ"
_MODIFIER = Members([["url", "https://example.org/negated"], ["valueBoolean", True]])


def _patient(tree: Members) -> Members | None:
    listed = tree.get("contained")
    found = [item for item in listed if isinstance(item, Members)] if _is_list(listed) else []
    return next((item for item in found if item.get("resourceType") == "Patient"), None)


def _is_list(value: object) -> bool:
    return isinstance(value, list) and not isinstance(value, Members)


def _elements(holder: Members | None, name: str) -> list[Any] | None:
    """The list of that name, made where there is none; None when something else stands there."""
    if holder is None:
        return None
    if holder.get(name) is None:
        holder.put(name, [])
    listed = holder.get(name)
    return listed if _is_list(listed) else None


def _shuffled(draw: Draw, items: list[Any]) -> None:
    items[:] = draw(st.permutations(items))


def more_contained(draw: Draw, _: Dataset, tree: Members) -> None:
    """Another patient, an organisation, in any order."""
    listed = _elements(tree, "contained")
    if listed is None:
        return
    other = Members([
        ["resourceType", "Patient"], ["id", draw(st.sampled_from(("q", "p2", "P")))],
        ["name", [Members([["text", "Lê Văn Khác"]])]], ["gender", "male"],
        ["birthDate", "1971-01-01"],
    ])  # fmt: skip
    organisation = Members([["resourceType", "Organization"], ["id", "p"], ["name", "Trạm y tế"]])
    listed += draw(st.sampled_from(([other], [organisation], [other, organisation])))
    _shuffled(draw, listed)


def more_extensions(draw: Draw, _: Dataset, tree: Members) -> None:
    """An extension that nobody knows, in any order."""
    listed = _elements(tree, "extension")
    if listed is not None:
        url = "https://example.org/fhir/StructureDefinition/ward"
        listed.append(Members([["url", url], ["valueString", "Khoa Khám"]]))
        _shuffled(draw, listed)


def _current(listed: list[Any] | None) -> Members | None:
    """The name in use, wherever it stands."""
    names = (item for item in listed or [] if isinstance(item, Members))
    return next((name for name in names if name.get("text") != _PAST), None)


def past_name(draw: Draw, _: Dataset, tree: Members) -> None:
    """A name of the past beside the one in use, in any order."""
    listed = _elements(_patient(tree), "name")
    current = _current(listed)
    if listed is None or current is None:
        return
    past = Members([["text", _PAST]])
    if draw(st.booleans()):
        past.put("use", draw(st.sampled_from(("old", "maiden", "nickname", "anonymous"))))
    else:
        past.put(
            "period", Members([["end", draw(st.sampled_from(("2019", "2020-05", "2021-12-31")))]])
        )
    if draw(st.booleans()):
        current.put("use", draw(st.sampled_from(("official", "usual"))))
    listed.append(past)
    _shuffled(draw, listed)


def new_name_today(draw: Draw, _: Dataset, tree: Members) -> None:
    """A name that began on the Vietnamese day of the record, and the one that ended before it."""
    meta, patient = tree.get("meta"), _patient(tree)
    written = meta.get("lastUpdated") if isinstance(meta, Members) else None
    listed = _elements(patient, "name")
    current = _current(listed)
    if listed is None or current is None or not isinstance(written, str):
        return
    try:
        today = datetime.fromisoformat(written[:19] + written[-6:]).astimezone(VIETNAM).date()
    except (ValueError, OverflowError):
        return
    current.put("period", Members([["start", today.isoformat()]]))
    ended = (today - timedelta(days=1)).isoformat()
    listed.append(Members([["text", _PAST], ["period", Members([["end", ended]])]]))
    _shuffled(draw, listed)


def name_in_parts(draw: Draw, _: Dataset, tree: Members) -> None:
    """A name in its parts, with or without the whole."""
    listed = _elements(_patient(tree), "name")
    current = _current(listed)
    if current is None:
        return
    words = str(current.get("text")).split() or ["An"]
    given = draw(st.sampled_from((words[1:], words[-1:], words, [" ".join(words)])))
    parts = [["given", list(given)]]
    if draw(st.booleans()):
        parts.append(["family", words[0]])
    if draw(st.booleans()):
        parts.append(["text", current.get("text")])
    others = [member for member in current if member[0] not in ("text", "given", "family")]
    current[:] = [*others, *parts]


def more_numbers(draw: Draw, _: Dataset, tree: Members) -> None:
    """Numbers of other systems and of the past beside the personal one."""
    listed = _elements(_patient(tree), "identifier")
    if listed is None:
        return
    others = (
        Members([["system", "https://example.org/passport"], ["value", "C1234567"]]),
        Members([["system", _OLD], ["value", "190000001"]]),
        Members([["system", _PERSONAL], ["value", "082190000099"], ["use", "old"]]),
        Members([["value", "BN-001"]]),
    )
    listed += deepcopy(
        draw(st.lists(st.sampled_from(others), min_size=1, max_size=3, unique_by=id))
    )
    _shuffled(draw, listed)


SAME = (
    more_contained, more_extensions, past_name, new_name_today, name_in_parts, more_numbers,
)  # fmt: skip


def other_reference(draw: Draw, _: Dataset, tree: Members) -> None:
    """A reference to somebody who is not contained, or to nobody."""
    name = "subject" if tree.get("subject") is not None else "patient"
    ways: tuple[Any, ...] = (
        "#q", "p", "Patient/p", "https://example.org/fhir/Patient/p", "#", "", None, "#P",
        "urn:uuid:00000000-0000-0000-0000-000000000000",
    )  # fmt: skip
    tree.put(name, Members([["reference", draw(st.sampled_from(ways))]]))


def two_subjects(draw: Draw, _: Dataset, tree: Members) -> None:
    """Two patients of one id, or two references."""
    listed = _elements(tree, "contained")
    patient = _patient(tree)
    if draw(st.booleans()) and listed is not None and patient is not None:
        other = deepcopy(patient)
        other.put("gender", "unknown")
        listed.append(other)
    else:
        name = "patient" if tree.get("subject") is not None else "subject"
        tree.put(name, Members([["reference", "#q"]]))


def modifier(draw: Draw, _: Dataset, tree: Members) -> None:
    """An element that must be understood."""
    patient = _patient(tree) or tree
    name = patient.get("name")
    within = name[0] if _is_list(name) and name and isinstance(name[0], Members) else patient
    holder = draw(st.sampled_from((tree, patient, within)))
    if draw(st.booleans()):
        holder.put("modifierExtension", [deepcopy(_MODIFIER)])
    else:
        holder.put("implicitRules", "https://example.org/rules")


def second_value(draw: Draw, _: Dataset, tree: Members) -> None:
    """Another name, number or extension that counts alike."""
    patient = _patient(tree)
    name = draw(st.sampled_from(("name", "identifier", "extension")))
    listed = _elements(tree if name == "extension" else patient, name)
    if not listed or not isinstance(listed[0], Members):
        return
    other = deepcopy(listed[0])
    for member in other:
        if member[0] in ("text", "value", "valueCode"):
            member[1] = f"{member[1]}9"
        elif member[0] == "valueBoolean":
            member[1] = not member[1]
    listed.append(other)
    _shuffled(draw, listed)


def other_structure(draw: Draw, _: Dataset, tree: Members) -> None:
    """A repeated element as one, as its text, or its parts as texts."""
    patient = _patient(tree)
    name = draw(st.sampled_from(("name", "identifier")))
    listed = _elements(patient, name)
    if patient is None or not listed or not isinstance(listed[0], Members):
        return
    first = listed[0]
    said = first.get("text") or first.get("value") or "x"
    ways: tuple[Any, ...] = (
        first, said, [said], [first, said], [[first]], 5,
        [Members([["text", Members([["value", said]])], ["value", [said]]])],
        [Members([["given", said], ["family", [said]]])],
        [Members([["given", [5, None]], ["family", 5]])],
        [Members([["text", ""], ["value", ""], ["system", _PERSONAL], ["family", said]])],
    )  # fmt: skip
    patient.put(name, draw(st.sampled_from(ways)))


def other_type(draw: Draw, _: Dataset, tree: Members) -> None:
    """Another type of resource, or of value in an extension."""
    listed = _elements(tree, "extension")
    if draw(st.booleans()) or not listed or not isinstance(listed[0], Members):
        tree.put("resourceType", draw(st.sampled_from(("encounter", "Patient", "Bundle", None))))
        return
    extension = draw(st.sampled_from([item for item in listed if isinstance(item, Members)]))
    for member in extension:
        if str(member[0]).startswith("value"):
            member[0] = draw(
                st.sampled_from(("valueString", "valueCoding", "value", "valueBoolean"))
            )


CHANGES = (
    other_reference, two_subjects, modifier, second_value, second_value, other_structure,
    other_structure, other_type,
)  # fmt: skip
