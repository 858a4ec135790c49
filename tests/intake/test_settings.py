"""Anything unknown or wrong stops the start with the line at fault; the environment wins over the file."""

from pathlib import Path

import pytest

from intake.settings import load
from records.errors import NotSetUp


def write(home: Path, text: str) -> dict[str, str]:
    home.mkdir(exist_ok=True)
    (home / "paperchain.toml").write_text(text, "utf-8")
    return {"PAPERCHAIN_HOME": str(home)}


def test_defaults_need_no_file(tmp_path: Path) -> None:
    found = load({"PAPERCHAIN_HOME": str(tmp_path / "none")})
    assert (found.desk.port, found.intake.still_seconds, found.service.policy) == (8765, 5, "westminster")
    assert found.inbox == tmp_path / "none" / "inbox"


def test_the_environment_wins_over_the_file_setting_by_setting(tmp_path: Path) -> None:
    environment = write(tmp_path, '[desk]\nport = 9000\nhost = "0.0.0.0"\n')
    found = load(environment | {"PAPERCHAIN_DESK__PORT": "9001"})
    assert (found.desk.port, found.desk.host) == (9001, "0.0.0.0")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("[desk]\nprot = 1\n", "line 2: “desk.prot” is not a setting", id="unknown setting"),
        pytest.param("[dask]\nport = 1\n", "line 1: “dask” is not a setting", id="unknown section"),
        pytest.param("colour = 1\n", "line 1: “colour” is not a setting", id="unknown at the top"),
        pytest.param("[work]\n\nworkers = 0\n", "line 3: “work.workers” is wrong", id="out of range"),
        pytest.param(
            '[intake]\nstill_seconds = "soon"\n', "line 2: “intake.still_seconds” is wrong", id="not a number"
        ),
        pytest.param("[desk\nport = 1\n", "line 1", id="not TOML"),
    ],
)
def test_a_wrong_file_stops_the_start_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(NotSetUp) as caught:
        load(write(tmp_path, text))
    assert says in caught.value.message


def test_a_wrong_variable_stops_the_start_with_its_name(tmp_path: Path) -> None:
    home = {"PAPERCHAIN_HOME": str(tmp_path)}
    with pytest.raises(NotSetUp, match="PAPERCHAIN_DESKS__PORT is not a setting"):
        load(home | {"PAPERCHAIN_DESKS__PORT": "1"})
    with pytest.raises(NotSetUp, match=r"PAPERCHAIN_DESK__PORT: “desk\.port” is wrong"):
        load(home | {"PAPERCHAIN_DESK__PORT": "ninety"})


def test_a_wrong_value_is_not_repeated(tmp_path: Path) -> None:
    """A password typed into the wrong line must not come back in an error."""
    with pytest.raises(NotSetUp) as caught:
        load(write(tmp_path, '[work]\nworkers = "hunter2"\n'))
    assert "hunter2" not in caught.value.message


def test_a_database_password_is_shown_as_stars(tmp_path: Path) -> None:
    found = load(write(tmp_path, 'database_url = "postgresql://a:hunter2@localhost/x"\n'))
    assert "hunter2" not in repr(found)


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    found = load({"PAPERCHAIN_HOME": str(tmp_path)})
    with pytest.raises(ValueError, match="frozen"):
        found.desk.port = 1  # type: ignore[misc]  # that is the point
