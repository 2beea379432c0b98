"""The server deployment, as far as it can be proved without a Docker engine."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from tests.lib import compose_file
from tests.lib.compose_file import PROJECT

ONE_SHOT = {"init"}
POSTGRES_PROGRAMS = {"postgres", "pg_isready"}
REDIS_PROGRAMS = {"redis-server", "redis-cli", "grep"}


@pytest.fixture(scope="module")
def raw() -> dict[str, Any]:
    """The compose file before interpolation."""
    return compose_file.load()


@pytest.fixture(scope="module")
def filled() -> dict[str, str]:
    """A filled-in ``.env``: every command and form that ``.env.example`` gives is used."""
    values: dict[str, str] = {}
    for name, (_, comment) in compose_file.documented().items():
        if command := re.search(r"^generate: (.+)$", comment, re.MULTILINE):
            values[name] = subprocess.run(
                ["sh", "-c", command[1]], check=True, capture_output=True, text=True
            ).stdout.strip()
        elif form := re.search(r"^form: '(.+)'$", comment, re.MULTILINE):
            values[name] = form[1]
    return values


@pytest.fixture(scope="module")
def compose(raw: dict[str, Any], filled: dict[str, str]) -> dict[str, Any]:
    """The compose file as the engine would get it."""
    document: dict[str, Any] = compose_file.interpolate(raw, filled)
    return document


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The services by name."""
    found: dict[str, dict[str, Any]] = compose["services"]
    return found


@pytest.fixture(scope="module")
def ours(services: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The services that run this project's image."""
    return {
        name: service
        for name, service in services.items()
        if str(service["image"]).startswith("dean06:")
    }


def environment_of(service: Mapping[str, Any]) -> dict[str, str | None]:
    """A service's environment."""
    return dict(service.get("environment", {}))


@pytest.fixture(scope="module")
def airflow(
    ours: dict[str, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What the installed Airflow says to every command and setting of the deployment."""
    environment: dict[str, str] = {}
    argvs: list[list[str]] = []
    for service in ours.values():
        environment |= {k: v for k, v in environment_of(service).items() if v is not None}
        argvs += compose_file.commands(service["command"])
        if "healthcheck" in service:
            argvs += compose_file.health_command(service)
    home = tmp_path_factory.mktemp("airflow")
    environment["AIRFLOW__LOGGING__BASE_LOG_FOLDER"] = str(home / "logs")
    done = subprocess.run(
        [sys.executable, str(PROJECT / "tests" / "lib" / "airflow_probe.py")],
        input=json.dumps({"commands": argvs, "environment": environment}),
        env={
            **environment,
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "AIRFLOW_HOME": str(home),
            "PYTHONPATH": f"{PROJECT}/plugins:{PROJECT}/include",
        },
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_follows_the_compose_specification(compose: dict[str, Any]) -> None:
    schema = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    rules = json.loads(schema.read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(rules)(rules)
    assert [error.message for error in validator.iter_errors(compose)] == []


def test_env_example_documents_each_variable_and_nothing_else(raw: dict[str, Any]) -> None:
    named = set(compose_file.expressions(compose_file.COMPOSE.read_text(encoding="utf-8")))
    assert set(compose_file.documented()) == named | compose_file.handed_on(raw)


def test_env_example_explains_and_holds_no_value() -> None:
    for name, (value, comment) in compose_file.documented().items():
        assert value == "", f"{name} has a value that would become public"
        assert comment, f"{name} is not explained"


def test_secrets_are_required_and_have_no_default(
    raw: dict[str, Any], filled: dict[str, str]
) -> None:
    used = compose_file.expressions(compose_file.COMPOSE.read_text(encoding="utf-8"))
    secrets = set(filled) - compose_file.handed_on(raw)
    assert secrets == {name for name, operators in used.items() if ":?" in operators}
    for name in secrets:
        assert used[name] == {":?"}, f"{name} is also used without being required"
        for without in ({k: v for k, v in filled.items() if k != name}, {**filled, name: ""}):
            with pytest.raises(compose_file.MissingVariableError, match=name):
                compose_file.interpolate(raw, without)


def test_no_secret_is_written_in_the_file(raw: dict[str, Any]) -> None:
    secret = re.compile(r"PASSWORD|SECRET|_KEY$|_KEY_|AUTH$|CONN|BROKER_URL|RESULT_BACKEND|DSN")
    for name, service in raw["services"].items():
        for key, value in environment_of(service).items():
            if secret.search(key) and value is not None:
                assert ":?" in str(value), f"{name}: {key}"


def test_generated_secrets_differ_and_are_long(filled: dict[str, str]) -> None:
    assert len(set(filled.values())) == len(filled)
    assert min(map(len, filled.values())) >= 32


@pytest.mark.campaign
def test_airflow_understands_every_command(airflow: dict[str, Any]) -> None:
    assert airflow["refused"] == {}


def test_backing_services_run_programs_of_their_image(services: dict[str, dict[str, Any]]) -> None:
    for name, programs in {"postgres": POSTGRES_PROGRAMS, "redis": REDIS_PROGRAMS}.items():
        started = compose_file.health_command(services[name])
        if "command" in services[name]:
            started += compose_file.commands(services[name]["command"])
        assert {argv[0] for argv in started} <= programs, name


def test_init_migrates_both_databases_and_creates_administrator_and_watchdog(
    services: dict[str, dict[str, Any]],
) -> None:
    started = [" ".join(argv[:3]) for argv in compose_file.commands(services["init"]["command"])]
    people = ["airflow users create", "airflow users create", "airflow users reset-password"]
    assert started == ["airflow db migrate", *people, "python -m dean06"]


@pytest.mark.campaign
def test_every_airflow_option_exists_and_is_read(airflow: dict[str, Any]) -> None:
    assert airflow["unknown"] == []
    assert airflow["misread"] == []
    assert airflow["auth_manager"] == "FabAuthManager"
    assert airflow["drivers"] == ["psycopg2"]


def test_there_is_a_connection_to_every_source(airflow: dict[str, Any]) -> None:
    assert airflow["sources"] == {
        "police": "https://police.example",
        "insurance": "sftp://sftp.example:22",
        "health": "https://health.example",
        "education": "https://education.example",
        "portal": "https://portal.example",
        "programme": "https://programme.example",
    }


def test_each_component_knows_only_the_secrets_it_needs(ours: dict[str, dict[str, Any]]) -> None:
    def holders(prefix: str) -> set[str]:
        return {
            name
            for name, service in ours.items()
            if any(key.startswith(prefix) for key in environment_of(service))
        }

    callers = {"airflow-triggerer", "airflow-worker"}
    assert holders("AIRFLOW_CONN_") == callers
    # Triggers ask whether an export is ready, and health alone exports.
    connections = {
        key for key in environment_of(ours["airflow-triggerer"]) if key.startswith("AIRFLOW_CONN_")
    }
    assert connections == {"AIRFLOW_CONN_DEAN06_HEALTH"}
    assert holders("DEAN06_WAREHOUSE_DSN") == {"init", "airflow-apiserver", "watch", *callers}
    assert holders("AIRFLOW__API_AUTH__JWT_SECRET") == {"airflow-apiserver", "airflow-scheduler"}
    lasting = "AIRFLOW__API_AUTH__JWT_EXPIRATION_TIME"
    assert holders(lasting) == {"airflow-apiserver", "airflow-scheduler"}
    seconds = {ours[name]["environment"][lasting] for name in holders(lasting)}
    assert seconds == {str(8 * 3600)}
    assert holders("DEAN06_ADMIN_PASSWORD") == {"init"}
    assert holders("DEAN06_WATCH_PASSWORD") == {"init"}
    assert holders("DEAN06_AIRFLOW_API") == {"airflow-apiserver", "watch"}
    assert environment_of(ours["ministries"]) == {}


def test_dependencies_exist_and_can_be_waited_for(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        for target, terms in service.get("depends_on", {}).items():
            assert target in services, f"{name} waits for {target}"
            if target in ONE_SHOT:
                assert terms["condition"] == "service_completed_successfully", name
            elif (name, target) == ("airflow-worker", "airflow-apiserver"):
                # Tasks wait for it; on a loaded machine `up` would give up before it is healthy.
                assert terms["condition"] == "service_started"
            else:
                assert terms["condition"] == "service_healthy", name
                assert "healthcheck" in services[target], name


def test_long_running_services_are_watched_restarted_and_bounded(
    services: dict[str, dict[str, Any]],
) -> None:
    for name, service in services.items():
        assert set(service["logging"]["options"]) == {"max-size", "max-file"}, name
        if name in ONE_SHOT:
            assert service["restart"] == "no", name
            continue
        assert service["restart"] == "unless-stopped", name
        assert compose_file.health_command(service), name


def test_every_airflow_component_is_there_once_and_workers_in_any_number(
    ours: dict[str, dict[str, Any]],
) -> None:
    started = [" ".join(service["command"]) for service in ours.values()]
    for component, count in {
        "airflow api-server": 1,
        "airflow scheduler": 1,
        "airflow dag-processor": 1,
        "airflow triggerer": 1,
        "airflow celery worker": 1,
    }.items():
        assert started.count(component) == count, component
    worker = ours["airflow-worker"]
    assert worker["deploy"]["replicas"] == "2"
    # A name of its own could only be given to one of them.
    assert not {"hostname", "container_name", "ports"} & worker.keys()


def test_the_image_is_built_once_and_never_sought_elsewhere(
    ours: dict[str, dict[str, Any]],
) -> None:
    """Built by each service, nine images raced for one name, and the next `up` replaced them all;
    asked of a registry, it would not be found."""
    assert {name for name, service in ours.items() if "build" in service} == {"init"}
    assert {name: service["pull_policy"] for name, service in ours.items()} == {
        name: "missing" if name == "init" else "never" for name in ours
    }
    first = (PROJECT / "Dockerfile").read_text(encoding="utf-8").splitlines()[0]
    assert not first.startswith("# syntax"), "a frontend from a registry, on a closed network"


def test_nothing_is_written_outside_volumes_and_scratch_folders(
    ours: dict[str, dict[str, Any]],
) -> None:
    for name, service in ours.items():
        assert service["read_only"] is (name != "ministries"), name
        assert len(service["tmpfs"]) == 2, name
        assert service["pids_limit"], name


def test_health_checks_import_no_airflow(services: dict[str, dict[str, Any]]) -> None:
    """Importing it costs five processor seconds, and each check runs every minute."""
    for name, service in services.items():
        if "healthcheck" in service:
            for argv in compose_file.health_command(service):
                assert argv[0] != "airflow", name
                assert not any("airflow.providers" in word for word in argv), name


def test_a_loaded_server_has_time_to_start(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        if name.startswith("airflow-"):
            assert int(service["healthcheck"]["start_period"].removesuffix("s")) >= 300, name
    environment = environment_of(services["airflow-worker"])
    assert float(environment["AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT"] or 0) >= 60
    assert float(environment["AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT"] or 0) >= 120


def test_volumes_are_declared_and_used(compose: dict[str, Any]) -> None:
    mounts: list[str] = [
        mount for service in compose["services"].values() for mount in service.get("volumes", [])
    ]
    assert {mount.split(":")[0] for mount in mounts} == set(compose["volumes"])
    assert "warehouse:/var/lib/postgresql" in compose["services"]["postgres"]["volumes"]


@pytest.mark.parametrize("place", ["", "/srv/agencies"])
def test_what_is_dropped_by_hand_or_by_a_program_reaches_the_workers(
    raw: dict[str, Any], filled: dict[str, str], place: str
) -> None:
    """``dean06 drop`` runs in the service init, the DAG of its source in a worker."""
    compose = compose_file.interpolate(raw, {**filled, "DEAN06_DROPS": place})
    where = f"{place or 'drops'}:{compose['services']['init']['environment']['DEAN06_DROPS']}"
    assert where in compose["services"]["init"]["volumes"]
    worker = compose["services"]["airflow-worker"]
    assert f"{where}:ro" in worker["volumes"]
    assert where.endswith(f":{worker['environment']['DEAN06_DROPS']}")


def test_configs_are_declared_and_used(compose: dict[str, Any]) -> None:
    used = {
        config["source"]
        for service in compose["services"].values()
        for config in service.get("configs", [])
    }
    assert used == set(compose["configs"])


def test_only_the_ui_is_published_and_only_on_this_server(
    services: dict[str, dict[str, Any]],
) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"airflow-apiserver": ["127.0.0.1:8080:8080"]}


def test_simulated_ministries_only_start_when_asked(services: dict[str, dict[str, Any]]) -> None:
    assert {name for name, service in services.items() if "profiles" in service} == {"ministries"}


def test_image_does_not_run_as_root(ours: dict[str, dict[str, Any]]) -> None:
    users = [line.split()[1] for line in compose_file.dockerfile() if line.startswith("USER")]
    assert users, "the image runs as root"
    assert int(users[-1].split(":")[0]) > 0
    for name, service in ours.items():
        assert "user" not in service, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name


def test_image_copies_what_exists_and_what_is_not_ignored() -> None:
    copied = compose_file.copied_into_image()
    assert set(copied) == {
        "requirements-uv.txt", "requirements.txt", "dags", "plugins", "include", "expectations",
        ".env.example",
    }  # fmt: skip
    ignore = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignore, "only what is named may enter the build"
    assert {line[1:] for line in ignore if line.startswith("!")} == set(copied)
    assert [path for path in copied if not (PROJECT / path).exists()] == []


def test_image_and_compose_file_agree_on_paths(ours: dict[str, dict[str, Any]]) -> None:
    targets = {line.split()[-1] for line in compose_file.dockerfile() if line.startswith("COPY")}
    workdir = next(
        line.split()[1] for line in compose_file.dockerfile() if line.startswith("WORKDIR")
    )
    assert compose_file.image_setting("PYTHONPATH") == f"{workdir}/plugins:{workdir}/include"
    owned = " ".join(line for line in compose_file.dockerfile() if line.startswith("RUN groupadd"))
    assert compose_file.image_setting("AIRFLOW_HOME") in owned
    environment: Mapping[str, str] = ours["airflow-worker"]["environment"]
    for key, folder in {"DAGS_FOLDER": "dags", "PLUGINS_FOLDER": "plugins"}.items():
        assert environment[f"AIRFLOW__CORE__{key}"] == f"{workdir}/{folder}"
        assert folder in targets
    mounts = {mount.split(":")[1] for s in ours.values() for mount in s.get("volumes", [])}
    for place in ("DEAN06_LANDING", "DEAN06_AGENCY_LISTS", "DEAN06_DROPS"):
        assert environment[place].removeprefix("file://") in mounts
    for place in ("DEAN06_LINEAGE", "DEAN06_DATA_DOCS"):
        assert str(Path(environment[place]).parent) in mounts
    assert environment["AIRFLOW__LOGGING__BASE_LOG_FOLDER"] in mounts
    assert all(mount in owned for mount in mounts), "a volume must belong to the image's user"
