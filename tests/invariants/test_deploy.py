"""The container and the systemd unit of `deploy/` fit what stands here: without running either, which no test here can."""

import ast
import fnmatch
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path, PurePosixPath

import pytest

from intake.commands import COMMANDS
from tests.invariants.source import ROOT, files, imports, modules

CONTAINER = ROOT / "deploy" / "Containerfile"
UNIT = ROOT / "deploy" / "paperchain@.service"
PARTS = ("run", "watch", "work", "desk")
BOOLEAN = {"yes", "no", "true", "false", "on", "off", "1", "0"}
# What systemd 252 (Debian 12) knows, of what such a unit may say: an option that is misspelt is passed over with no more than a warning.
KNOWN = {
    "Unit": {"Description", "Documentation", "Wants", "After"},
    "Service": {
        "Type", "User", "Group", "WorkingDirectory", "Environment", "EnvironmentFile", "ExecStart", "Restart", "RestartSec", "TimeoutStopSec",
        "KillMode", "StateDirectory", "StateDirectoryMode", "UMask", "NoNewPrivileges", "CapabilityBoundingSet", "AmbientCapabilities",
        "ProtectSystem", "ProtectHome", "PrivateTmp", "PrivateDevices", "ProtectClock", "ProtectHostname", "ProtectKernelLogs",
        "ProtectKernelModules", "ProtectKernelTunables", "ProtectControlGroups", "ProtectProc", "RemoveIPC", "KeyringMode",
        "RestrictAddressFamilies", "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID", "LockPersonality",
        "SystemCallArchitectures", "SystemCallFilter", "SystemCallErrorNumber", "ReadWritePaths", "DevicePolicy",
    },
    "Install": {"WantedBy"},
}  # fmt: skip


def steps() -> list[tuple[str, str]]:
    """The instructions of the Containerfile, in order: word and rest."""
    text = re.sub(r"^#.*\n", "", CONTAINER.read_text("utf-8"), flags=re.M).replace("\\\n", " ")
    return [
        (word, rest.strip()) for word, _, rest in (line.partition(" ") for line in text.splitlines() if line.strip())
    ]


def rest_of(word: str) -> list[str]:
    return [rest for one, rest in steps() if one == word]


def ignored(path: PurePosixPath) -> bool:
    """Whether `.dockerignore` keeps this path out of a build."""
    rules = [line for line in (ROOT / ".dockerignore").read_text("utf-8").split() if not line.startswith("#")]
    assert not any(rule.startswith("!") for rule in rules), "this reading of .dockerignore knows no exceptions"
    return any(
        any(fnmatch.fnmatch(part, rule[3:]) for part in path.parts) if rule.startswith("**/") else path.match(rule) or PurePosixPath(rule) in path.parents
        for rule in rules
    )  # fmt: skip


def copied() -> dict[PurePosixPath, Path]:
    """Each file of the checkout that the image gets, by its place below /opt/paperchain."""
    found = {}
    for sources, target in ((shlex.split(rest)[:-1], shlex.split(rest)[-1]) for rest in rest_of("COPY")):
        for source in sources:
            tracked = [path for path in files() if path == ROOT / source or ROOT / source in path.parents]
            assert tracked, f"COPY {source}: there is no such file"
            for path in tracked:
                if not ignored(PurePosixPath(path.relative_to(ROOT).as_posix())):
                    found[PurePosixPath(target) / path.relative_to(ROOT / source if len(tracked) > 1 else ROOT)] = path
    return found


def test_everything_that_runs_is_copied_to_where_it_stands_here() -> None:
    image = copied()
    wanted = {path for path in files() if path.relative_to(ROOT).parts[0] in ("intake", "forms", "records", "samples")}
    assert set(image.values()) >= wanted
    assert all(path.relative_to(ROOT).as_posix() == place.as_posix() for place, path in image.items())


def test_nothing_of_a_home_or_of_an_environment_gets_into_an_image() -> None:
    kept_out = ("home/keys/master.key", ".venv/bin/python", ".git/config", "intake/__pycache__/app.pyc")
    assert all(ignored(PurePosixPath(path)) for path in kept_out)
    assert not ignored(PurePosixPath("records/desk/home.html"))


def test_what_runs_imports_nothing_that_stays_outside() -> None:
    outside = {"tests", "script", "samples"}
    assert {
        name: found for name in modules() if (found := {one.split(".")[0] for one in imports(name)} & outside)
    } == {}


LOOK = """
import importlib, sys
here, elsewhere, opened = sys.argv[1], sys.argv[2], []
sys.addaudithook(lambda event, words: opened.append(str(words[0])) if event == "open" else None)
for name in ("intake.app", "intake.sandbox.child", "intake.sandbox.ocr_child", "intake.dispatch.worker"):
    importlib.import_module(name)
assert sys.modules["intake.app"].__file__.startswith(here), "another copy was imported"
from typer.testing import CliRunner
from intake.commands import app
for words in (["forms", "list"], ["policy", "list"], ["policy", "show", "westminster"], ["print", "separators"],
              ["forms", "print", "westminster-consent"], ["run", "--help"], ["doctor", "--help"]):
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 0, (words, told.output, told.exception)
print("\\n".join(sorted({path for path in opened if path.startswith(elsewhere)})))
"""


def test_it_runs_from_what_is_copied_and_opens_nothing_else(tmp_path: Path) -> None:
    image = tmp_path / "image"
    for place, path in copied().items():
        (image / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, image / place)
    said = subprocess.run(
        [sys.executable, "-P", "-c", LOOK, str(image), str(ROOT)], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(image), "PAPERCHAIN_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)},
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    outside = [line for line in said.stdout.split() if "/.venv/" not in line]
    assert outside == []


def test_the_container_runs_a_command_of_ours_as_an_ordinary_user() -> None:
    order = [word for word, _ in steps()]
    assert order[0] == "FROM" and rest_of("FROM") == ["docker.io/library/debian:12-slim"]
    assert order.index("USER") < order.index("VOLUME") < order.index("ENTRYPOINT")
    (user,) = rest_of("USER")
    assert any(f"useradd --create-home --uid 10001 --shell /usr/sbin/nologin {user}" in rest for rest in rest_of("RUN"))
    script = PurePosixPath(ast.literal_eval(rest_of("ENTRYPOINT")[0])[0])
    assert script.name in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert ast.literal_eval(rest_of("CMD")[0])[0] in COMMANDS
    (volume,) = rest_of("VOLUME")
    assert rest_of("ENV") == [f"PAPERCHAIN_HOME={volume}"]


def test_the_container_gets_the_system_packages_that_a_checkout_gets() -> None:
    wanted = re.findall(r"install_packages (tesseract-ocr .*)", (ROOT / "script" / "setup.sh").read_text("utf-8"))[
        0
    ].split()
    assert set(wanted) <= set(rest_of("RUN")[0].split())


def unit() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    section = ""
    for line in UNIT.read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            name, sign, value = line.partition("=")
            assert sign and name == name.strip(), f"{line!r} is no option"
            found.setdefault(section, []).append((name, value))
    return found


def test_every_option_of_the_unit_is_one_that_systemd_knows() -> None:
    assert {section: sorted({name for name, _ in rows} - KNOWN[section]) for section, rows in unit().items()} == {
        section: [] for section in KNOWN
    }
    said = [
        value
        for name, value in unit()["Service"]
        if name.startswith(("Private", "NoNew")) or name in ("RestrictNamespaces", "RemoveIPC")
    ]
    assert set(said) <= BOOLEAN


@pytest.mark.parametrize("part", PARTS)
def test_the_unit_starts_a_command_that_there_is(part: str) -> None:
    said = dict(unit()["Service"])
    assert said["ExecStart"] == "/opt/paperchain/.venv/bin/paperchain %i"
    assert part in COMMANDS
    assert said["User"] == "paperchain" and said["Environment"] == f"PAPERCHAIN_HOME=/var/lib/{said['StateDirectory']}"


def test_the_unit_says_nothing_twice_and_leaves_what_the_reader_needs() -> None:
    names = [name for name, _ in unit()["Service"]]
    assert len(names) == len(set(names)) or {name for name in names if names.count(name) > 1} <= {"SystemCallFilter"}
    said = dict(unit()["Service"])
    # ctypes and the recognition of text make no executable memory, but a closed list of families is needed to send fds to the reader.
    assert "AF_UNIX" in said["RestrictAddressFamilies"].split()
    assert said["KillMode"] == "mixed", "the reader is asked to end by its parent, and killed with it"
