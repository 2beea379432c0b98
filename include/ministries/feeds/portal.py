"""The dataset of the provincial portal."""

from functools import cache, cached_property

import numpy as np
from typing_extensions import override

from ..kernel.clock import DAY, NEVER, slash_days, slash_moments
from ..kernel.draws import Ints
from ..world.portal import CANCELLED, ONLINE, RETURNED, DossierRow
from ..world.portal_papers import UNRATED
from .feed import Column, Feed
from .order import Order
from .persons import Persons, nullable
from .police import chosen, numbered

_NEVER_MOMENT = NEVER * DAY
_SERIALS = 10**8
STATUS = ("1", "2", "3", "4", "5", "6", "7", "9")
"""Codes of the states of a dossier, in the order of ``world.portal``."""
_TRADES = ("Thương mại", "Xây dựng", "Vận tải", "Nông sản", "Thủy sản", "Cơ khí", "Dịch vụ")
_FORMS = ("Công ty TNHH", "Công ty Cổ phần", "Hợp tác xã", "Doanh nghiệp tư nhân")
_FEES = ("[]", '[{"Gia":0}]', '[{"Gia":15000}]', '[{"Gia":30000},{"Gia":8500}]')


class PortalDossierFeed(Feed):
    """portal.dossier"""

    dataset = "portal.dossier"

    @cached_property
    def persons(self) -> Persons:
        """How the portal writes applicants."""
        return Persons(self.world, "portal", "dossier")

    @override
    def base(self, g: Ints, day: Ints, /) -> Ints:
        return self.world.portal.blocks.arrived_before(g, day)

    @override
    def sort_key(self, number: Ints) -> Ints:
        procedure = self.world.portal.procedure(number)
        office = _office(procedure) * 10**14
        return office + self._reception(number) * _SERIALS + self._serial(number)

    @override
    def render(self, part: Order, key: Ints, /) -> dict[str, Column]:
        world = self.world
        row = world.portal.row(part.number, part.at)
        return {
            "dossier_code": self.codes(row.dossier, key),
            "procedure_code": self._procedure_codes(row),
            "field_code": self._field_codes(row),
            "channel_code": self._channels(row),
            "applicant_type": chosen(row.is_organisation, "1", "2"),
            **self._applicants(row),
            "submitted_at": list(slash_moments(row.submitted)),
            "received_at": list(slash_moments(row.received)),
            "due_at": nullable(slash_moments, row.due, _NEVER_MOMENT),
            "finished_at": nullable(slash_moments, row.finished, _NEVER_MOMENT),
            "returned_at": nullable(slash_moments, row.returned, _NEVER_MOMENT),
            **self._process(row),
            **self._papers(row),
            "supplement_count": numbered("%d", row.supplements),
            "supplement_days": numbered("%d", row.supplement_days),
            "rating": self._ratings(row),
            "updated_at": list(slash_moments(part.at)),
        }

    def codes(self, n: Ints, key: Ints) -> Column:
        """Office, province, day of reception, serial number: 000.00.12.H58-221031-00012345."""
        portal, system = self.world.portal, self.world.scenario.portal.system_code
        days = slash_days(portal.received(n) // DAY)
        offices = _office(portal.procedure(n)).tolist()
        return [
            f"000.00.{office:02}.{system}-{day[8:]}{day[3:5]}{day[:2]}-{serial:08}"
            for office, day, serial in zip(offices, days, self._serial(key).tolist(), strict=True)
        ]

    def _serial(self, key: Ints) -> Ints:
        offset = self.world.draws.scalar("portal offset", 0, _SERIALS)
        return (key * 38_196_601 + offset) % _SERIALS

    def _reception(self, number: Ints) -> Ints:
        """The day of reception as yymmdd."""
        days = slash_days(self.world.portal.received(number) // DAY)
        return np.array([int(d[8:] + d[3:5] + d[:2]) for d in days], dtype=np.int64)

    def _procedure_codes(self, row: DossierRow) -> Column:
        """National codes, or the portal's own; some dossiers use the alternative one."""
        procedures = [a.procedure for a in self.world.scenario.portal.activities]
        first = np.array([p.code for p in procedures], dtype=object)
        other = np.array([p.alternative_code or p.code for p in procedures], dtype=object)
        again = self.world.draws.chance("portal/alternative", row.dossier, 0.25)
        return list(np.where(again, other[row.procedure], first[row.procedure]).tolist())

    def _field_codes(self, row: DossierRow) -> Column:
        procedures = [a.procedure for a in self.world.scenario.portal.activities]
        codes = np.array([p.field_code or None for p in procedures], dtype=object)
        return list(codes[row.procedure].tolist())

    def _channels(self, row: DossierRow) -> Column:
        """Some offices leave the channel out: then it is the counter."""
        unsaid = (row.channel == 0) & self.world.draws.chance("portal/unsaid", row.dossier, 0.3)
        codes = np.array(["1", "2", "3", None], dtype=object)
        return list(codes[np.where(unsaid, 3, row.channel)].tolist())

    def _applicants(self, row: DossierRow) -> dict[str, Column]:
        """Names and ids; organisations have no personal id."""
        n, people, persons = row.dossier, self.world.people, self.persons
        clean = row.is_corrected.astype(np.int64)
        name_of = persons.full_names(n, people.name(row.person), clean)
        ids = persons.personal_ids(row.person, persons.id_classes(n, clean))
        for index in np.flatnonzero(row.is_organisation).tolist():
            serial = int(n[index])
            form, trade = _FORMS[serial % len(_FORMS)], _TRADES[serial % len(_TRADES)]
            name_of[index] = f"{form} {trade} {serial % 900 + 100}"
            ids[index] = None
        kinds: Column = [None if i is None else "2" if len(i) == 9 else "1" for i in ids]
        return {"applicant_name": name_of, "id_type": kinds, "personal_id": ids}

    def _process(self, row: DossierRow) -> dict[str, Column]:
        papers, n, company = self.world.portal.papers, row.dossier, row.is_organisation
        online = row.channel == ONLINE
        returned = np.where(row.status == RETURNED, 1 + (row.dossier % 3), 0)
        consulted = papers.is_looked_up(n, company)
        return {
            "return_method": _or_none(chosen(returned, "", "1", "2", "3")),
            "dossier_status": chosen(row.status, *STATUS),
            "commune_code": list(self.world.places.commune_codes[row.commune].tolist()),
            "has_digitised_components": chosen(row.is_digitised, "0", "1"),
            "is_vneid_verified": chosen(papers.is_verified(n, online, company), "0", "1"),
            "online_payment": chosen(papers.payment(n, online), "0", "1", "2"),
            "database_consulted": _or_none(chosen(consulted, "", "1")),
        }

    def _papers(self, row: DossierRow) -> dict[str, Column]:
        """What was handed in, what comes out, what it costs: arrays, as JSON."""
        papers, n = self.world.portal.papers, row.dossier
        count, mixed = papers.components(n)
        components: Column = [
            _components(how_many, seed, digitised)
            for how_many, seed, digitised in zip(
                count.tolist(), mixed.tolist(), row.is_digitised.tolist(), strict=True
            )
        ]
        done = (row.finished < _NEVER_MOMENT) & (row.status < CANCELLED)
        granted = done & np.isin(row.status, (3, RETURNED))
        electronic = granted & papers.is_electronic(n)
        results: Column = [
            _results(int(number), bool(paper), bool(file))
            for number, paper, file in zip(
                n.tolist(), granted.tolist(), electronic.tolist(), strict=True
            )
        ]
        fees = chosen(papers.fee(row.procedure), *_FEES)
        return {"components": components, "results": results, "fees": fees}

    def _ratings(self, row: DossierRow) -> Column:
        rating = self.world.portal.papers.rating(row.dossier)
        said = np.where(row.status == RETURNED, rating, UNRATED)
        return _or_none(chosen(said, "", "1", "2", "3"))


def _office(procedure: Ints) -> Ints:
    """The two digits of the office within a dossier's code."""
    return 10 + procedure % 20


def _or_none(column: Column) -> Column:
    return [value or None for value in column]


@cache
def _components(count: int, seed: int, digitised: bool) -> str:
    """``digitised`` says whether at least one component is."""
    parts: list[str] = []
    for _ in range(count):
        seed, reused = divmod(seed, 3)
        scanned = int(digitised and (not parts or reused > 0))
        stored = int(reused == 2)
        parts.append(
            f'{{"DuocSoHoa":"{scanned}","DuocTaiSuDung":"{reused}","DuocLayTuKhoDMQG":"{stored}"}}'
        )
    return "[" + ",".join(parts) + "]"


def _results(number: int, is_there: bool, is_electronic: bool) -> str:
    if not is_there:
        return "[]"
    file = f'"https://kho.example.invalid/ket-qua/{number:08}.pdf"' if is_electronic else "null"
    return f'[{{"MaGiayToKetQua":"KQ.{number:08}","DuongDanTepTinKetQua":{file}}}]'
