"""Contracts: sources of which the warehouse holds records that no contract describes any more."""

from collections.abc import Iterator

from dean06 import contract
from dean06.contract import Bilingual
from dean06.details.detail import detail
from dean06.errors import Cause
from dean06.failures.causes import explain
from dean06.failures.particulars import Particulars
from dean06.warehouse import Session, sql_file
from dean06.watch.problem import Kind, Problem


def without(session: Session) -> Iterator[Problem]:
    """Sources whose records are here and whose contract is not: nothing of them is checked."""
    for source in (row.source_code for row in session.rows(sql_file("watch/sources_stored.sql"))):
        if source not in contract.known():
            advice = explain(Cause.CONTRACT_MISSING).advice
            found = detail("no_contract", source=source, file=f"{source}.yaml")
            yield Problem(
                Kind.NO_CONTRACT,
                Bilingual(
                    f"The contract of source {source} is missing from this installation. "
                    f"{advice.en}",
                    f"Hệ thống thiếu hợp đồng dữ liệu của nguồn {source}. {advice.vi}",
                ),
                detail=Particulars(found.text("en"), found.text("vi")),
                source=source,
            )
