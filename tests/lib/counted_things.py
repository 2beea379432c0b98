"""Things that KPIs count, hand-made: some of every family, at every kind of border."""

from dean06 import contract
from dean06.identity.verify import verify_identities
from dean06.warehouse import transaction
from tests.lib.persons import load, record

COMMUNE = "28249"
UPDATED = {"updated_at": "2022-10-31 08:00+07"}
HERE = {"commune_code": COMMUNE, **UPDATED}
ACCOUNT = {
    "account_id": "raised", "registered_at": "2022-01-31 23:59:59+07", "is_deleted": False, **HERE,
}  # fmt: skip
ESSENTIAL = {"procedure_code": "2.001159", **HERE}
MIDNIGHT = "00:00:00+07"
TEENAGER, LEAPLING, YEAR_ALONE, DEAD, MOVED = (f"08220800000{n}" for n in range(1, 6))


def reach(day: str) -> None:
    """All sources have been synced up to the end of that day."""
    for dataset in contract.datasets():
        load_id = load(dataset.code)
        with transaction(role="") as session:
            session.run(
                """insert into ops.watermark
                   values (:source, :name, cast(:day as date) + interval '1 day', :load)""",
                source=dataset.source, name=dataset.name, day=day, load=load_id,
            )  # fmt: skip


def load_all() -> None:
    """All of it, verified."""
    for part in (_police, _persons, _portal, _plan):
        part()
    verify_identities()


def _police() -> None:
    """Residents who turn 14, die and move; accounts, dossiers and cards."""
    for key, changes in {
        TEENAGER: {"birth_date": "2010-03-01"},
        LEAPLING: {"birth_date": "2008-02-29", "effective_on": "2021-01-01"},
        YEAR_ALONE: {"birth_date": "2009"},
    }.items():
        load("police.resident", record("police.resident", personal_id=key, **changes))
    for key, second in (
        (DEAD, {"residence_status": "da_chet", "effective_on": "2022-05-10"}),
        (MOVED, {"commune_code": "28252", "effective_on": "2022-05-01"}),
    ):
        load(
            "police.resident",
            record("police.resident", personal_id=key, _valid_to=second["effective_on"]),
            record("police.resident", personal_id=key, version=2, **second),
        )
    load(
        "police.eid_account",
        {
            **ACCOUNT,
            "level2_at": f"2022-03-01 {MIDNIGHT}",
            "locked_at": f"2022-03-15 {MIDNIGHT}",
        },
        {**ACCOUNT, "account_id": "locked at once", "locked_at": "2022-01-31 23:59:59+07"},
        {**ACCOUNT, "account_id": "used", "activated_at": "2022-01-31 23:59:59+07"},
    )
    load(
        "police.id_card_dossier",
        {
            "dossier_id": "d1", "personal_id": LEAPLING, "received_at": f"2022-03-05 {MIDNIGHT}",
            "issued_at": "2022-03-20 23:59:59+07", "dossier_status": "da_cap", "is_deleted": False,
            **HERE,
        },
        {
            "dossier_id": "by night", "personal_id": DEAD, "received_at": "2023-04-30 21:59:59+07",
            "dossier_status": "cho_cap", "station_code": "D017", "is_deleted": False,
            **HERE, "commune_code": "12433",
        },
    )  # fmt: skip
    load(
        "police.id_card",
        {
            "card_no": "c1", "dossier_id": "d1", "personal_id": LEAPLING, "is_deleted": False,
            "issued_on": "2022-03-01", "revoked_on": "2022-06-01", **HERE,
        },
    )  # fmt: skip


def _persons() -> None:
    """What other sources hold of the residents."""
    whose = {"personal_id": DEAD}
    load("insurance.participant", record("insurance.participant", bhxh_code="dead", **whose,
                                         participates_from="2022-02-01"))  # fmt: skip
    load(
        "insurance.participant",
        record("insurance.participant", bhxh_code="ended", personal_id=MOVED, sex_code="1",
               participates_to="2022-06-30"),
    )  # fmt: skip
    for key, happened in (("e1", "2022-02-28 23:59:59+07"), ("after death", "2022-05-11")):
        load(
            "health.encounter",
            record("health.encounter", encounter_id=key, started_at=happened, **whose),
        )
    load("health.immunization", record("health.immunization", personal_id=MOVED,
                                       occurred_on="2022-04-01"))  # fmt: skip
    load("education.exam_registration", record("education.exam_registration", personal_id=None,
                                               registered_on="2021-12-20"))  # fmt: skip


def _portal() -> None:
    """Dossiers, petitions, listings and copies."""
    received = {"is_deleted": False, "received_at": "2022-10-01 08:00+07", **ESSENTIAL}
    late = {"due_at": f"2022-10-10 {MIDNIGHT}", "dossier_status": "2"}
    load(
        "portal.dossier",
        {**received, "dossier_code": "late", **late},
        {**received, "dossier_code": "last quarter", "received_at": "2022-09-30 23:59:59+07"},
        {**received, "dossier_code": "last year", "received_at": "2021-12-31 23:59:59+07"},
        {
            **received, "dossier_code": "waits", **late, "dossier_status": "3",
            "updated_at": "2022-10-05 08:00+07",
        },
        {
            **received, "dossier_code": "waits", **late, "supplement_count": 1,
            "supplement_days": 2, "rating": "3", "returned_at": "2022-10-08 23:59:59+07",
            "updated_at": "2022-10-07 08:00+07",
        },
    )  # fmt: skip
    petition = {"received_at": "2022-10-03 09:00+07", "is_deleted": False, **HERE}
    load(
        "portal.petition",
        {**petition, "petition_code": "silence", "due_at": f"2022-10-24 {MIDNIGHT}"},
        {
            **petition, "petition_code": "answered", "due_at": f"2022-10-24 {MIDNIGHT}",
            "answered_at": f"2022-10-24 {MIDNIGHT}", "rating": "1",
            "rated_at": f"2022-10-25 {MIDNIGHT}",
        },
    )  # fmt: skip
    listing = {
        "signed_on": "2022-10-03", "effective_on": "2022-10-17", "is_deleted": False,
        "is_offered_online": True, "has_fee": True, **ESSENTIAL,
    }  # fmt: skip
    load(
        "portal.listed_procedure",
        {**listing, "listing_code": "open", "repealed_on": "2022-12-01"},
        {**listing, "listing_code": "late", "published_on": "2022-10-12", **HERE},
    )
    load(
        "portal.certified_copy",
        *(
            {"copy_code": day, "certified_at": f"{day} 09:00+07", "is_deleted": False, **HERE}
            for day in ("2022-10-02", "2022-11-15")
        ),
    )
    load("portal.national_count", {
        "period_code": "2022-10", "procedure_code": "2.001159", "period_month": "2022-10-01",
        **UPDATED,
    })  # fmt: skip


def _plan() -> None:
    """A task, written late on a day and twice on another."""
    task = {"task_id": "t1", "owner_agency": "so_y_te", "group_code": "dvc", "phase": "2022"}
    versions = ("2022-10-02 23:59:59+07", f"2022-10-05 {MIDNIGHT}", "2022-10-05 09:00+07")
    load(
        "programme.task",
        *(
            {**task, "province_code": "82", "deadline": "2022-10-04", "updated_at": written}
            for written in versions
        ),
    )
