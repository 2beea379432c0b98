"""A real S3 server: another program, spoken to over HTTP, that keeps its objects in memory."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.exceptions import ConnectionError as Unreachable
from botocore.exceptions import HTTPClientError

from onebox.ports import free_port

BUCKET, REGION = "dean06-tests", "ap-southeast-1"
CONNECTION = "dean06_storage"
_ACCOUNT = {"login": "landing", "password": "only-in-tests"}
_SECONDS = 30.0


@dataclass(frozen=True)
class Bucket:
    """A bucket and the server's own view of it: nothing of dean06's storage code is used here."""

    address: str
    client: Any

    def connection(self) -> str:
        """The value of ``AIRFLOW_CONN_DEAN06_STORAGE``."""
        extra = {"endpoint_url": self.address, "region_name": REGION}
        return json.dumps({"conn_type": "aws", **_ACCOUNT, "extra": extra})

    def url(self, prefix: str) -> str:
        """What a setting names."""
        return f"s3://{CONNECTION}@{BUCKET}/{prefix}"

    def names(self, prefix: str = "") -> list[str]:
        """Objects whose names begin so."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        return [each["Key"] for page in pages for each in page.get("Contents", ())]

    def body(self, key: str) -> bytes:
        """Bytes of an object."""
        return bytes(self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read())

    def put(self, key: str, body: bytes) -> None:
        """Put an object there as somebody else would."""
        self.client.put_object(Bucket=BUCKET, Key=key, Body=body)

    def delete(self, key: str) -> None:
        """Delete an object as somebody else would."""
        self.client.delete_object(Bucket=BUCKET, Key=key)

    def grantees(self, key: str) -> set[str]:
        """Who has been given rights on an object: kinds of grantees, or the groups."""
        grants = self.client.get_object_acl(Bucket=BUCKET, Key=key)["Grants"]
        return {each["Grantee"].get("URI", each["Grantee"]["Type"]) for each in grants}

    def unfinished(self) -> list[str]:
        """Uploads in parts that nobody completed: they cost money and are seen by nobody."""
        found = self.client.list_multipart_uploads(Bucket=BUCKET)
        return [each["Key"] for each in found.get("Uploads", ())]


@contextmanager
def served() -> Iterator[Bucket]:
    """An S3 server on loopback with an empty bucket."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        client = boto3.client(
            "s3", endpoint_url=address, region_name=REGION,
            aws_access_key_id=_ACCOUNT["login"], aws_secret_access_key=_ACCOUNT["password"],
        )  # fmt: skip
        _make_bucket(client)
        yield Bucket(address, client)
    finally:
        server.terminate()
        server.wait(timeout=_SECONDS)


def _make_bucket(client: Any) -> None:
    until = time.monotonic() + _SECONDS
    while True:
        try:
            client.create_bucket(
                Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
            )
        except (Unreachable, HTTPClientError):
            if time.monotonic() > until:
                pytest.fail("the S3 server does not answer")
            time.sleep(0.1)
        else:
            return
