"""``make run`` stopped by Ctrl-C leaves nothing; ``end_to_end/test_down.py`` stops it otherwise."""

import signal

from tests.lib.installation import Installation, alive, command_line


def test_ctrl_c_ends_everything(installation: Installation) -> None:
    started = installation.processes()
    assert len(started) > 10
    assert any("LocalExecutor" in command_line(process) for process in started)
    installation.process.send_signal(signal.SIGINT)
    assert installation.process.wait(60) == 0
    assert alive(started) == []
    assert not (installation.home / "postgres" / "data" / "postmaster.pid").exists()


def test_a_port_in_use_is_named_with_its_variable(installation: Installation) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        installation.environment["DEAN06_HEALTH_PORT"] = port
        refused = installation.command("up")
    assert refused.returncode == 1
    assert f"{port} (set DEAN06_HEALTH_PORT to another)" in refused.stdout
