"""A home that cannot be used gives one sentence that says what to do (exit 5), and loses nothing."""

import os
import secrets
from pathlib import Path

import pytest

from intake import checkup, known_forms
from intake.commands.run import tell_of_forms
from intake.wiring import open_paperchain
from records.documents import keyring
from records.errors import NotSetUp
from tests.builders import home, settings
from tests.postgres import Cluster


def test_a_new_home_has_its_folders_and_a_private_key(tmp_path: Path) -> None:
    with home(tmp_path / "home") as chain:
        assert chain.settings.inbox.is_dir()
        assert chain.settings.key_file.stat().st_mode & 0o777 == 0o600
        assert chain.settings.home.stat().st_mode & 0o077 == 0


def test_a_home_opens_again_with_its_own_key(tmp_path: Path) -> None:
    for _ in range(2):
        with home(tmp_path / "home") as chain:
            chain.db.check()


def test_a_lost_key_is_never_replaced_by_a_new_one(tmp_path: Path) -> None:
    with home(tmp_path / "home") as chain:
        key = chain.settings.key_file
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(NotSetUp, match=r"master key .* is missing"):
        open_paperchain(settings(tmp_path / "home"))
    assert not key.exists()
    key.write_bytes(kept)
    with home(tmp_path / "home") as chain:
        chain.db.check()


def test_the_key_of_another_home_is_refused(tmp_path: Path) -> None:
    with home(tmp_path / "one") as one, home(tmp_path / "two") as two:
        one_key, two_key = one.settings.key_file, two.settings.key_file
    one_key.write_bytes(two_key.read_bytes())
    with pytest.raises(NotSetUp, match="does not open the database"):
        open_paperchain(settings(tmp_path / "one"))


def test_a_damaged_key_is_named(tmp_path: Path) -> None:
    with home(tmp_path / "home") as chain:
        key = chain.settings.key_file
    key.write_text("not a key")
    with pytest.raises(NotSetUp, match="damaged"):
        open_paperchain(settings(tmp_path / "home"))


def test_a_file_in_the_place_of_the_home_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(NotSetUp, match="is not a folder"):
        open_paperchain(settings(tmp_path / "home"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere; the command tests run as another account")
def test_a_home_without_write_rights_is_named(tmp_path: Path) -> None:
    place = tmp_path / "home"
    place.mkdir(mode=0o500)
    with pytest.raises(NotSetUp, match="may not write"):
        open_paperchain(settings(place))


def test_an_unknown_policy_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotSetUp, match="no policy of that name"):
        open_paperchain(settings(tmp_path / "home", service__policy="atlantis"))


def test_a_wrong_template_of_ours_stops_no_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "home" / "forms"
    own.mkdir(parents=True)
    (own / "wrong.json").write_text("{")
    with home(tmp_path / "home", forms__folder="forms") as chain:
        assert known_forms.catalogue().get("westminster-consent", "2023")
        tell_of_forms(chain.settings)
        with chain.db.reading() as session:
            assert any("wrong.json is not used" in line for line in checkup.trouble_lines(chain, session))
    known_forms.remember(None)
    assert capsys.readouterr().err.startswith("wrong.json is not used: it cannot be read at line 1")


def test_a_postgresql_with_documents_is_never_given_a_new_or_another_key(tmp_path: Path, postgres: Cluster) -> None:
    name = f"w{secrets.token_hex(6)}"
    postgres.create(name)
    url = postgres.url(name)
    with home(tmp_path / "home", database_url=url) as chain:
        key = chain.settings.key_file
        with chain.db.writing() as session:
            keyring.make(session, chain.clock.now())
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(NotSetUp, match="does not belong to this database"):
        open_paperchain(settings(tmp_path / "home", database_url=url))
    assert not key.exists()
    key.write_text("00" * 32)
    with pytest.raises(NotSetUp, match="does not belong to this database"):
        open_paperchain(settings(tmp_path / "home", database_url=url))
    key.write_bytes(kept)
    with home(tmp_path / "home", database_url=url) as chain:
        chain.db.check()
    postgres.drop(name)
