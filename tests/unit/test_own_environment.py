"""Programs in environments of their own, asked for by several test processes at once."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from pathlib import Path
from tests.lib.own_environment import installed

print("ready", flush=True)
sys.stdin.readline()
programs = installed(Path(sys.argv[1]), Path(sys.argv[2]))
print(programs.with_name("pyvenv.cfg").stat().st_ctime_ns)
"""


def test_processes_that_ask_at_once_get_one_environment_made_once(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("# of nothing\n")
    words = [sys.executable, "-c", PROGRAM, str(tmp_path / "cache" / "home"), str(requirements)]
    asked = [
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    for process in asked:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in asked:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    made_at = {process.communicate()[0] for process in asked}
    assert [process.returncode for process in asked] == [0] * 6
    assert len(made_at) == 1
