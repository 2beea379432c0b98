"""Every identity a warehouse knows, and where any of them turns up that it must not."""

import re
from collections.abc import Mapping

from psycopg2 import sql

from dean06 import contract
from dean06.warehouse import names, transaction

COLUMNS = (
    "personal_id", "full_name", "card_no", "bhxh_code", "insurance_card_no", "account_id",
    "household_id", "head_personal_id", "applicant_name", "dossier_code",
)  # fmt: skip
_WORD = re.compile(r"\w+")


def identities() -> set[str]:
    """Personal IDs, names and card numbers in core and in quarantine."""
    found: set[str] = set()
    with transaction() as session:
        for source in contract.sources():
            for dataset in contract.load(source).datasets:
                present = [c.name for c in dataset.columns if c.name in COLUMNS]
                for row in (
                    session.compose_rows(
                        "select distinct {columns} from {table}",
                        columns=names(present),
                        table=sql.Identifier("core", dataset.table),
                    )
                    if present
                    else []
                ):
                    found.update(value for value in row if value)
        for row in session.rows("select payload from ops.quarantine"):
            found.update(str(v) for k, v in row.payload.items() if k in COLUMNS and v)
    # A bad record's name may be blank or a single common word: no identity.
    return {value for value in found if len(value) >= 9}


def occurring_in(texts: Mapping[str, str], known: set[str]) -> dict[str, list[str]]:
    """``{text: identities found}``: as whole words, whatever stands between them."""
    sought = {" ".join(_WORD.findall(value)): value for value in known}
    found = {}
    for name, text in texts.items():
        words = _WORD.findall(text)
        phrases = {
            " ".join(words[i : i + n]) for n in range(1, 8) for i in range(len(words) - n + 1)
        }
        if hits := sorted(phrases & sought.keys()):
            found[name] = [sought[hit] for hit in hits[:5]]
    return found
