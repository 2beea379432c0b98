"""What names and ids are compared by: spelling that does not count, and spelling that does."""

import csv
import unicodedata
from pathlib import Path

import pytest
from psycopg2 import connect

from tests.conftest import Cluster

SAMPLES = Path(__file__).parents[1] / "fixtures" / "identity" / "legacy_encodings.csv"


@pytest.fixture(scope="module")
def ask(cluster: Cluster, migrated: str):  # type: ignore[no-untyped-def]
    """Calls a function of schema core: ``ask("name_key", "…")``."""
    connection = connect(cluster.url(migrated).replace("+psycopg2", ""))
    connection.autocommit = True

    def call(function: str, *arguments: object) -> object:
        with connection.cursor() as cursor:
            slots = ", ".join(["%s"] * len(arguments))
            cursor.execute(f"select core.{function}({slots})", arguments)
            return cursor.fetchone()[0]

    yield call
    connection.close()


def samples(encoding: str) -> list[tuple[str, str]]:
    with SAMPLES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    found = [
        (r["as_seen_in_unicode"], r["original_nfc"]) for r in rows if r["encoding"] == encoding
    ]
    assert len(found) == {"vni": 9}.get(encoding, 8)
    return found


@pytest.mark.parametrize(("seen", "meant"), samples("tcvn3"))
def test_tcvn3_is_read(ask, seen: str, meant: str) -> None:
    assert ask("decode_tcvn3", seen) == meant
    assert ask("name_agreement", seen, meant) == "tcvn3"
    assert ask("name_agreement", unicodedata.normalize("NFD", seen), meant) == "tcvn3"


@pytest.mark.parametrize(("seen", "meant"), samples("vni"))
def test_vni_is_read(ask, seen: str, meant: str) -> None:
    assert ask("name_key", ask("decode_vni", seen)) == ask("name_key", meant)
    assert ask("name_agreement", seen, meant) == "vni"


@pytest.mark.parametrize(("seen", "meant"), samples("nfd"))
def test_unicode_forms_are_one(ask, seen: str, meant: str) -> None:
    assert seen != meant or unicodedata.normalize("NFD", meant) == meant
    decomposed = unicodedata.normalize("NFD", meant)
    assert ask("name_key", decomposed) == ask("name_key", meant)
    assert ask("name_agreement", decomposed, meant) == "nfc"


def test_plain_vni_letters_and_capitals_are_read_too(ask) -> None:
    assert ask("name_agreement", "Traàn Bình", "Trần Bình") == "vni"
    assert ask("name_agreement", "AÙnh Höôøng", "Ánh Hường") == "vni"
    assert ask("name_agreement", "Phan Thò Lan", "Phan Thị Lan") == "vni"


def test_a_whole_alphabet_survives_tcvn3(ask) -> None:
    """Every letter the encoding has, once, in the order of its code page."""
    codes = [
        *range(0xA1, 0xAF), *range(0xB5, 0xBA), *range(0xBB, 0xBF), *range(0xC6, 0xCD),
        *range(0xCE, 0xD9), *range(0xDC, 0xE0), *range(0xE1, 0xF0), *range(0xF1, 0xFF),
    ]  # fmt: skip
    read = str(ask("decode_tcvn3", "".join(map(chr, codes))))
    vowels = "aăâeêioôơuưy"
    toned = [unicodedata.normalize("NFC", v + t) for v in vowels
             for t in ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")]  # fmt: skip
    expected = {*toned, "đ", *"ĂÂÊÔƠƯĐ"} - {*"aeiouy"}
    assert sorted(read) == sorted(expected)


@pytest.mark.parametrize(
    ("name", "registry", "folded"),
    [
        ("Nguyễn Thị Hoà", "Nguyễn Thị Hòa", "tone"),
        ("Trần Thuý Uyên", "Trần Thúy Uyên", "tone"),
        ("Lê Thuỷ", "Lê Thủy", "tone"),
        ("NGUYỄN THỊ HÒA", "Nguyễn Thị Hòa", "case"),
        ("đỗ văn được", "ĐỖ VĂN ĐƯỢC", "case"),
        ("Nguyễn  Thị Hòa", "Nguyễn Thị Hòa", "spacing"),
        (" Nguyễn\u00a0Thị Hòa ", "Nguyễn Thị Hòa", "spacing"),
        ("Nguyễn \u200bThị Hòa", "Nguyễn Thị Hòa", "spacing"),
        ("\ufeffNguyễn Thị Hòa", "Nguyễn Thị Hòa", "spacing"),
        ("Ðỗ Văn Được", "Đỗ Văn Được", "letter"),
        ("NGUYỄN  THỊ HOÀ", "Nguyễn Thị Hòa", "spacing,case,tone"),
        ("NGUYEN THI HOA", "Nguyễn Thị Hòa", "unaccented"),
        ("Đỗ Văn Được", "DO VAN DUOC", "unaccented"),
        ("Nguyễn Thị Hòa", "Nguyễn Thị Hòa", "exact"),
    ],
)
def test_spelling_that_does_not_count(ask, name: str, registry: str, folded: str) -> None:
    assert ask("name_agreement", name, registry) == folded
    assert ask("name_agreement", registry, name) == folded


@pytest.mark.parametrize(
    ("name", "registry", "kind"),
    [
        ("Nguyễn Hòa", "Nguyễn Thị Hòa", "middle_dropped"),
        ("Hòa Nguyễn Thị", "Nguyễn Thị Hòa", "reordered"),
        ("Nguyễn Thị Hoa", "Nguyễn Thị Hòa", "accents"),
        ("Trần Thị Hòa", "Nguyễn Thị Hòa", "other"),
        # Marks on the record's side are not dropped: hoá is not hòa.
        ("Nguyễn Thị Hóa", "Nguyễn Thị Hòa", "accents"),
        # What decodes to a name without accents proves nothing.
        ("NguyÔn ThÞ Hßa", "NGUYEN THI HOA", "other"),
    ],
)
def test_spelling_that_counts(ask, name: str, registry: str, kind: str) -> None:
    assert ask("name_agreement", name, registry) is None
    assert ask("name_difference", name, registry) == kind


@pytest.mark.parametrize("proper", ["HÒA", "LÊ HÒA", "TÔN NỮ HÒA", "Nguyễn Thị Hòa"])
def test_proper_unicode_is_never_converted(ask, proper: str) -> None:
    """E05: a decoder makes 'HềA' of 'HÒA'. A registry that said so would not make it right."""
    spoilt = ask("decode_tcvn3", proper)
    assert spoilt != proper
    assert ask("may_be_legacy", proper) is False
    assert ask("name_agreement", proper, spoilt) is None
    assert ask("name_agreement", proper, ask("decode_vni", proper)) is None


@pytest.mark.parametrize(
    ("personal_id", "year", "sex", "well_formed", "contradicts"),
    [
        ("082190000001", 1990, "female", True, False),
        ("082190000001", 1990, "male", True, True),
        ("082190000001", 1991, "female", True, True),
        ("082290000001", 2090, "male", True, False),
        ("082305000001", 2005, "female", True, False),
        ("082190000001", None, None, True, False),
        ("003190000001", 1990, "female", False, False),
        ("082490000001", 1990, "female", False, True),
        ("08219000000", 1990, "female", False, False),
        ("0821900000012", 1990, "female", False, False),
        ("08219000000a", 1990, "female", False, False),
        ("08219000000\n", 1990, "female", False, False),
        ("08219000000\uff11", 1990, "female", False, False),
    ],
)
def test_ids_are_built_by_rule(
    ask, personal_id: str, year: int | None, sex: str | None, well_formed: bool, contradicts: bool
) -> None:
    assert ask("is_personal_id", personal_id) is well_formed
    if well_formed:
        assert ask("id_contradicts", personal_id, year, sex) is contradicts


def test_keys_do_not_depend_on_the_locale(ask, cluster: Cluster, migrated: str) -> None:
    with connect(cluster.url(migrated).replace("+psycopg2", "")) as connection:
        cursor = connection.cursor()
        cursor.execute(
            'select core.name_key(n collate "C") = core.name_key(n) '
            "from (values ('ĐỖ  VĂN HOÀ')) as t (n)"
        )
        assert cursor.fetchone() == (True,)
