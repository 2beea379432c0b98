# One image for every Airflow component, the command line and the simulated ministries.

ARG PYTHON_IMAGE=python:3.12-slim@sha256:229a2c5bfa27522db7815ea81f9bed70af17ccb9de9fc7ad142b1877b5830d36

FROM ${PYTHON_IMAGE} AS packages

RUN python -m venv --without-pip /opt/venv && python -m venv /opt/uv
COPY requirements-uv.txt requirements.txt /tmp/
# Compiled here: without, every task compiles Airflow again.
RUN --mount=type=cache,target=/root/.cache \
    /opt/uv/bin/pip install --disable-pip-version-check --require-hashes -r /tmp/requirements-uv.txt \
    && /opt/uv/bin/uv pip install --python /opt/venv/bin/python --compile-bytecode --link-mode copy \
        --system-certs --require-hashes -r /tmp/requirements.txt


FROM ${PYTHON_IMAGE}

# Named volumes take over the owner of the folder they are first mounted on.
RUN groupadd --gid 10001 dean06 \
    && useradd --uid 10001 --gid 10001 --create-home --shell /usr/sbin/nologin dean06 \
    && install --directory --owner=10001 --group=10001 --mode=0750 \
        /opt/airflow /var/lib/dean06/landing /var/lib/dean06/drops \
        /var/lib/dean06/agency-lists /var/lib/dean06/reports /var/lib/dean06/keys /var/lib/dean06/spool /var/lib/dean06/backups \
        /var/lib/dean06/provinces /var/lib/dean06/homes \
        /var/log/dean06

COPY --from=packages /opt/venv /opt/venv

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/opt/dean06/plugins:/opt/dean06/include \
    PYTHONUNBUFFERED=1 \
    AIRFLOW_HOME=/opt/airflow \
    DEAN06_COMPILED_SUITES=/opt/dean06/compiled_suites

# The code belongs to root: no component can change what it runs.
WORKDIR /opt/dean06
COPY dags dags
COPY plugins plugins
COPY include include
COPY expectations expectations
COPY .env.example .env.example
RUN python -m compileall -q dags plugins include \
    && install --directory --mode=0755 compiled_suites \
    && python -m dean06 compile-suites

USER 10001:10001

CMD ["python", "-m", "dean06", "--help"]
