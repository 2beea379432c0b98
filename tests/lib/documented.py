"""The documented commands in the order in which a new engineer can run them, and those that only
somebody or something else can run.

They are run as written by ``tests/end_to_end/test_documented_commands.py``;
``tests/unit/test_commands.py`` compares both lists with what is written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.lib.commands import Command

MAKE_RUN = "make run SCALE=0.001"


@dataclass(frozen=True)
class Step:
    """A command, as it is written; what it must end with and say."""

    command: str
    says: str = ""
    """Something that its output must contain."""
    exits: tuple[int, ...] = (0,)
    typed: str = ""
    """What a person types where the document leaves several things open."""


def _refused(command: str, says: str) -> Step:
    """Its number is an example, so there is nothing of this number: one plain line must say so."""
    return Step(command, says, (1,))


BEFORE_RUN = (
    Step("make help", "make run"),
    Step("make docs", "build/site/index.html"),
    Step("make truth DAY=2022-10-31", "population"),
    Step(
        "make new-province KEY=long_an_2022 CODE=80 RESIDENTS=1734000 SYSTEM_CODE=H39 "
        "OLD_ID_CODE=30",
        "long_an_2022.yaml",
    ),
    Step("python -m dean06 init-env", ".env"),
    Step("python -m dean06 semantic-model metrics", "metrics/models/kpis.yml"),
)  # fmt: skip
"""On a clean clone, while nothing runs."""

COURSE = (
    Step("python -m dean06 --help", "new-source"),
    Step("python -m dean06 summary"),
    Step("python -m dean06 report"),
    Step("make new-source KEY=land KIND=csv", "Next: make sync DAY=2022-11-01"),
    Step("python -m dean06 contract-diff --since main"),
    Step("make sync DAY=2022-11-01", "2022-11-01"),
    Step(".venv/bin/python -m dean06 report --day 2022-11-01", "land"),
    Step(".venv/bin/python -m dean06 quarantine --day 2022-11-01", "quantity_well_formed"),
    Step("python -m dean06 quarantine"),
    Step(".venv/bin/python -m dean06 drop land --day 2022-11-02 file.csv", "file.csv"),
    Step(".venv/bin/python -m dean06 drop land --day 2022-11-06 file.csv", "file.csv"),
    Step(".venv/bin/python -m dean06 derive-suite land --replace", "land"),
    Step("make test TESTS=tests/database/test_source_land.py", "passed"),
    Step(
        ".venv/bin/python -m dean06 backfill --source land --from 2022-10-25 --to 2022-10-31 "
        "--dry-run",
        "31/10/2022",
    ),
    Step(".venv/bin/python -m dean06 backfill --source land --from 2022-10-25 --to 2022-10-31"),
    Step(".venv/bin/python -m dean06 migrate"),
    Step(".venv/bin/python -m dean06 build-kpis"),
    Step(".venv/bin/python -m dean06 record-kpis"),
    Step(".venv/bin/python -m dean06 dictionary"),
    Step("make sync DAY=2022-11-03", "2022-11-03"),
    Step("make sync DAY=2022-11-03 SOURCE=police", "sync_police"),
    Step("python -m dean06 report --day …", "41"),
    Step("python -m dean06 report --day … --unavailable", "Not available"),
    Step("python -m dean06 quarantine --day …"),
    Step("python -m dean06 watch --once", exits=(0, 1)),
    Step("make psql"),
    Step("python -m ministries fail --source health --for 5m", "health fails (down) until"),
    Step("make sync DAY=2022-11-05", "sync_health", exits=(0, 2)),
    Step("python -m ministries recover --source health", "recover"),
    Step("python -m dean06 watch --test", "accepted the test alert"),
    Step("python -m dean06 metrics", "dean06_load_records_total"),
    Step(
        'python -m dean06 api-token "Department of Health" --scope values --scope revisions '
        "--days 365 --per-minute 120",
        "dean06_",
    ),
    Step("python -m dean06 api-tokens", "Department of Health"),
    _refused("python -m dean06 revoke-api-token 7", "7"),
    Step("python -m dean06 digest", "core"),
    Step("python -m dean06 verify-identities", "verified"),
    Step("python -m dean06 verify-kpis --repair"),
    Step("python -m dean06 verify-audit"),
    Step("python -m dean06 verify-publications", "differences: 0"),
    Step("python -m dean06 recompute --sample 20 --seed 202210", "with equal values"),
    Step("python -m dean06 sign-publications", "Signed publications in the log"),
    Step("python -m dean06 publication-key public.pem", "public.pem"),
    Step("python -m dean06 rotate-publication-key", "signs from now on"),
    Step("python -m dean06 agency-lists"),
    Step("python -m dean06 agency-lists --source insurance --day 2022-10-31"),
    Step("python -m dean06 reconcile"),
    Step("python -m dean06 reconcile --day 2022-10-31"),
    Step("python -m dean06 corrections"),
    Step('python -m dean06 kpi --day 2022-03-15 --why "…"'),
    Step("python -m dean06 report-pack --period 2022-10", ".docx"),
    Step("python -m dean06 release --to open-data", "files in open-data/publication-"),
    Step('python -m dean06 close-period month 2022-10-01 --why "…"'),
    Step("python -m dean06 closed-periods", "2022-10"),
    Step("python -m dean06 held-builds"),
    _refused('python -m dean06 release-build 7 --why "…"', "7"),
    _refused("python -m dean06 reject-build 7 --why …", "7"),
    Step("python -m dean06 replay", "replays loaded"),
    _refused('python -m dean06 replay --load 7 --file corrected.ndjson --why "…"', "7"),
    _refused('python -m dean06 replay --load 12 --file corrected.ndjson --why "…"', "12"),
    _refused('python -m dean06 replay-changes 3 --why "…"', "3"),
    _refused('python -m dean06 approve-replay 3 --why "…"', "3"),
    _refused('python -m dean06 decline-replay 3 --why "…"', "3"),
    Step(
        "python -m dean06 agency-receipt --source insurance --day 2023-01-17 --digest … "
        '--office "BHXH tỉnh"',
        "no list of insurance for 2023-01-17 was written",
        (1,),
        typed="python -m dean06 agency-receipt --source insurance --day 2023-01-17 "
        f'--digest {"a" * 64} --office "BHXH tỉnh"',
    ),
    Step("python -m dean06 keep-house --dry-run"),
    Step("python -m dean06 keep-house"),
    Step("python -m dean06 keep-house --prove"),
    Step("python -m dean06 restricted-reads"),
    Step("python -m dean06 restricted-reads day-21.json day-22.json --since 2022-11-21"),
    Step(
        "python -m dean06 breach-report --since 2026-11-01 --log FILE --save FILE",
        typed="python -m dean06 breach-report --since 2026-11-01 --log day-21.json --save seen",
    ),
    Step("python -m dean06 compile-suites"),
    Step("python -m dean06 lineage"),
    Step("python -m dean06 rotate-token-key"),
    Step("python -m dean06 superuser-sql limit_readers", "dean06_bi"),
    Step("python -m dean06 provinces", "serves one province"),
    Step("python -m dean06 backup warehouse-2022-11-03.dump"),
    Step("python -m dean06 restore warehouse-2022-11-03.dump"),
)
"""While it runs."""

AFTERWARDS = (Step("make down", "Stopped"), Step("make clean", "Removed"))

_REMOVES = "later steps use the source: tests/database/test_remove_source.py"
_LONG = "takes more than ten minutes, and is a test of its own"
_ASKS = "asks for a person's number, which is typed: tests/database/test_cli_person.py"
_OF_SEVERAL = "serves a second province: tests/dags/test_provinces.py runs both commands"
_AS_ANOTHER = "the same command with another province or scale"
NOT_RUN: Mapping[str, str] = {
    "make bench": _LONG,
    "make faults": _LONG,
    "make faults ONLY=kills SEED=7": _LONG,
    "make reproduce": _LONG,
    "make reproduce SCALE=0.01": _LONG,
    "make superset": _LONG,
    "make metabase": "needs npm; tests/unit/test_metabase.py checks the same files without it",
    "make test": _LONG,
    "make campaigns": _LONG,
    "make test TESTS=tests/unit": _LONG,
    "make lint": ".ci/run begins with it",
    "make mailbox": "does not end: tests/unit/test_printed_mail.py",
    "make containers": "needs a container engine",
    "make kubernetes CHART=airflow-1.22.0.tgz": "needs the chart; its record is compared daily",
    "make provinces N=3": _LONG,
    "python -m dean06 recompute --publication 12": "which numbers there are is not known before; "
    "recompute --sample runs it",
    "make country PROVINCES=3": "takes many minutes: tests/dags/test_country.py runs two provinces",
    "make lock": "writes what the package index has today into the lock",
    "make sbom": "installs all packages once more: tests/deployment/test_supply_chain.py",
    "make run": _AS_ANOTHER,
    "make run SCALE=0.01": _AS_ANOTHER,
    "make run DAY=2022-11-01": "a second start: tests/end_to_end/test_down.py",
    "make run SCENARIO=long_an_2022": _AS_ANOTHER,
    "make run SCENARIO=thai_binh_2023": _AS_ANOTHER,
    "make new-source KEY=land KIND=csv|folder|ndjson|json|workbook|sftp": (
        "lists the kinds; each is tried by tests/database/test_new_source.py"
    ),
    "python -m dean06 new-source": "make new-source runs it",
    "python -m dean06 remove-source land": _REMOVES,
    "python -m dean06 remove-source land --with-data": _REMOVES,
    "python -m dean06 remove-source {source:name} --with-data": _REMOVES,
    "python -m dean06 remove-source {source:name} --with-data --keep-files": _REMOVES,
    "python -m dean06 remove-source land --with-data --keep-files": _REMOVES,
    "python -m dean06 backfill --source land --from 2022-11-02 --to 2022-11-02": "as other days",
    "python -m dean06 new-province": "make new-province runs it",
    "python -m dean06 add-province binh_phuoc --name Bình Phước --code 70 --home "
    "/var/lib/dean06/binh_phuoc --setting DEAN06_SCHEDULE_FROM=2026-12-01": _OF_SEVERAL,
    'python -m dean06 add-province country --name "Cả nước" --code 00 --home '
    "/var/lib/dean06/country --setting DEAN06_LEVEL=country --setting "
    '"DEAN06_COUNTRY_PROVINCES=tien_giang long_an"': _OF_SEVERAL,
    "python -m dean06 migrate --all": "of several provinces: tests/unit/test_migrate_all.py",
    "python -m dean06 --province binh_phuoc report": _OF_SEVERAL,
    "python -m dean06 init-env --simulation": "as init-env: tests/deployment/test_init_env.py",
    "python -m dean06 serve --port 8089": "needs an OpenID Connect provider: test_serving.py",
    "python -m dean06 metrics --serve :9606": "does not end: tests/database/test_metrics.py",
    "python -m dean06 watch": "does not end; make run starts it",
    'python -m dean06 subject-report FILE --reason "…"': _ASKS,
    'python -m dean06 subject-restrict --reason "…"': _ASKS,
}


def canonical(text: str) -> str:
    """The command as somebody types it who has activated the environment."""
    return Command(text, ()).filled.removeprefix(".venv/bin/").replace('"', "")


def steps() -> tuple[Step, ...]:
    """All that are run, in their order."""
    return (*BEFORE_RUN, Step(MAKE_RUN), *COURSE, *AFTERWARDS)


def uncovered(commands: Iterable[Command]) -> set[str]:
    """Of what is written, what is neither run nor on the list of those that are not. A command
    without its arguments is covered by one with them."""
    known = {canonical(text) for text in (*(step.command for step in steps()), *NOT_RUN)}
    return {
        command.text
        for command in commands
        if canonical(command.text) not in known
        and not (command.names_only and any(k.startswith(f"{command.text} ") for k in known))
    }


def stale(commands: Iterable[Command]) -> set[str]:
    """Of both lists, what is written nowhere."""
    written = {canonical(command.text) for command in commands}
    listed = (*(step.command for step in steps()), *NOT_RUN)
    return {text for text in listed if canonical(text) not in written}
