"""Starting and stopping all servers, for the command and for tests."""

import asyncio
import contextlib
import logging
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from ..credentials import Credentials, generate
from ..faults import Fault, Faults, load_profile
from ..identity.world import World
from ..scenario.load import SOURCES, load
from . import education, health, insurance, police, portal, programme
from .http import Describe, FaultyTransport, protocol
from .memory import share_heaps
from .ministry import Ministry

_START_SECONDS = 30.0
_HTTP = {
    "police": police,
    "health": health,
    "education": education,
    "portal": portal,
    "programme": programme,
}


@dataclass(frozen=True)
class Address:
    """Where a server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The base address of an HTTP server."""
        return f"http://{self.host}:{self.port}"


@dataclass(frozen=True)
class Running:
    """The servers at work."""

    police: Address
    insurance: Address
    health: Address
    education: Address
    portal: Address
    programme: Address
    clients: Credentials
    faults: Faults
    world: World


class PortInUseError(OSError):
    """A port the servers should listen on is taken."""

    def __init__(self, source: str, port: int) -> None:
        super().__init__(f"port {port} is in use: choose another with --{source}-port")


def bind(host: str, source: str, port: int) -> socket.socket:
    """A listening socket, or an error naming the port and the option that changes it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(128)
    except OSError:
        sock.close()
        raise PortInUseError(source, port) from None
    return sock


class HttpServer:
    """One HTTP server in a thread of its own."""

    def __init__(
        self, source: str, app: FastAPI, describe: Describe, faults: Faults, sock: socket.socket
    ) -> None:
        config = uvicorn.Config(
            FaultyTransport(app, source, faults, describe),
            http=protocol(source, faults),
            log_config=None,
            access_log=False,
            date_header=False,
            lifespan="off",
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        self._sock = sock
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [sock]}, daemon=True, name=source
        )

    def start(self) -> None:
        """Start and wait until it answers."""
        self._thread.start()
        _wait(lambda: self._server.started)

    def stop(self) -> None:
        """Stop and wait for it."""
        self._server.should_exit = True
        self._thread.join(_START_SECONDS)
        self._sock.close()


class SftpServer:
    """The SFTP server in a thread of its own."""

    def __init__(self, ministry: Ministry, sock: socket.socket) -> None:
        self._ministry, self._sock = ministry, sock
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="insurance")

    def start(self) -> None:
        """Start and wait until it answers."""
        self._thread.start()
        _wait(self._started.is_set)

    def stop(self) -> None:
        """Stop and wait for it."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_START_SECONDS)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        acceptor = await insurance.listen(self._ministry, self._sock)
        self._started.set()
        await self._stop.wait()
        acceptor.close()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(acceptor.wait_closed(), 1)


def _wait(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError("a server did not start")
        time.sleep(0.01)


@contextlib.contextmanager
def serving(ministry: Ministry, host: str, ports: dict[str, int]) -> Iterator[dict[str, Address]]:
    """All servers of a ministry; port 0 is any free one."""
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL + 1)
    share_heaps()
    with contextlib.ExitStack() as stack:
        sockets = {}
        for source, port in ports.items():
            sockets[source] = bind(host, source, port)
            stack.callback(sockets[source].close)
        servers: list[HttpServer | SftpServer] = [
            HttpServer(
                name, module.build(ministry), module.describe, ministry.faults, sockets[name]
            )
            for name, module in _HTTP.items()
        ]
        servers.append(SftpServer(ministry, sockets["insurance"]))
        for server in servers:
            server.start()
            stack.callback(server.stop)
        yield {source: Address(host, sock.getsockname()[1]) for source, sock in sockets.items()}


@contextlib.contextmanager
def running(
    scenario: str = "tien_giang_2022",
    scale: float = 0.001,
    *,
    faults: Iterable[Fault] | str = (),
    seed: int = 2022,
    dirt: bool = True,
    horizon: str | None = None,
    export_delay: float = 0.2,
    host: str = "127.0.0.1",
    spool: Path | None = None,
) -> Iterator[Running]:
    """All servers on free ports, for tests. Faults are a profile's name or a list."""
    world = World(load(scenario, scale, dirt), seed)
    chosen = load_profile(faults) if isinstance(faults, str) else list(faults)
    server_side, clients = generate()
    folder = spool or Path(tempfile.mkdtemp(prefix="ministries-"))
    last = world.scenario.horizon
    if horizon is not None:
        last = world.scenario.day("horizon", date.fromisoformat(horizon))
    ministry = Ministry(world, Faults(chosen, seed), server_side, folder, last, export_delay)
    try:
        with serving(ministry, host, dict.fromkeys(SOURCES, 0)) as addresses:
            yield Running(**addresses, clients=clients, faults=ministry.faults, world=world)
    finally:
        if spool is None:
            shutil.rmtree(folder, ignore_errors=True)
