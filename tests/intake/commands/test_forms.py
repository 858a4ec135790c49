"""`paperchain forms` as a person types it: draft, check, and a folder of the service's own forms."""

import json
from pathlib import Path

import pytest

from forms.catalogue import BLANKS, load_catalogue, with_own
from intake.commands import app
from intake.commands.outcome import Exit, run_command
from tests.commanding import environment
from tests.forms.drafting.drawing import BOX, pdf_of

BLANK = BLANKS / "westminster-consent.pdf"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in environment(tmp_path / "home").items():
        if name.startswith("PAPERCHAIN_"):
            monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(*words: str | Path) -> int:
    return run_command(lambda: app(["forms", *map(str, words)], standalone_mode=False))


def test_a_blank_becomes_a_folder_that_can_be_read_at_once(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = place / "home" / "forms"
    own.mkdir(parents=True)
    assert command("draft", BLANK, "--id", "ours", "--edition", "2027", "--to", own / "ours.2027.json") == Exit.DONE
    assert "store_on_database" in capsys.readouterr().out
    monkeypatch.setenv("PAPERCHAIN_FORMS__FOLDER", "forms")
    assert command("list", "--json") == Exit.DONE
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert ("ours", "2027", 20) in {(row["form"], row["edition"], row["fields"]) for row in rows}
    assert len(rows) == len(load_catalogue().templates()) + 1
    assert command("check", own / "ours.2027.json") == Exit.DONE


def test_an_edited_draft_is_not_written_over(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "ours.1.json").write_text("corrected by hand")
    assert command("draft", BLANK, "--id", "ours") == Exit.USAGE
    assert (place / "ours.1.json").read_text() == "corrected by hand"
    assert "--again" in capsys.readouterr().err
    assert command("draft", BLANK, "--id", "ours", "--again") == Exit.DONE
    assert json.loads((place / "ours.1.json").read_text("utf-8"))["id"] == "ours"


@pytest.mark.parametrize("words", [["--id", "../away"], ["--edition", "a/b"], ["--edition", ""]])
def test_an_id_that_is_a_path_is_refused(place: Path, words: list[str]) -> None:
    assert command("draft", BLANK, *words) == Exit.USAGE
    assert [path.name for path in place.iterdir() if path.is_file()] == []


def test_a_blank_that_cannot_be_used_is_refused_in_words(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "scan.pdf").write_bytes(b"%PDF-1.7")
    assert command("draft", place / "scan.pdf") == Exit.UNUSABLE
    assert command("draft", place / "missing.pdf") == Exit.UNUSABLE
    assert "cannot be opened" in capsys.readouterr().err


def test_a_draft_says_what_it_cannot_see_and_that_its_guesses_want_checking(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "ours.pdf").write_bytes(
        pdf_of(f"You may keep my details on your database #h(1fr) YES / NO\n\n{BOX} Audio")
    )
    assert command("draft", "ours.pdf") == Exit.DONE
    told = capsys.readouterr().err
    assert "“You may keep my details on your database”. Words to strike out" in told
    assert "the consents of 0 of 1 marks. Check each" in told
    (place / "none.pdf").write_bytes(pdf_of("You may keep my details on your database #h(1fr) YES / NO"))
    assert command("draft", "none.pdf") == Exit.UNUSABLE
    assert "No boxes to tick were found on page 1" in capsys.readouterr().err
    assert not (place / "none.1.json").exists()


def test_check_draws_and_says_what_is_wrong(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command("draft", BLANK, "--id", "ours")
    assert command("check", "ours.1.json", "--to", "drawn.png") == Exit.DONE
    assert (place / "drawn.png").stat().st_size > 10_000
    raw = json.loads((place / "ours.1.json").read_text("utf-8"))
    raw["fields"][0]["labels"] = {}
    (place / "ours.1.json").write_text(json.dumps(raw))
    capsys.readouterr()
    assert command("check", "ours.1.json") == Exit.UNUSABLE
    assert "store_on_database does not say where its printed" in capsys.readouterr().err
    raw["fields"][1]["id"] = raw["fields"][0]["id"]
    raw["fields"][2]["boxes"]["yes"] = [590, 10, 610, 20]
    (place / "ours.1.json").write_text(json.dumps(raw))
    assert command("check", "ours.1.json") == Exit.UNUSABLE
    told = capsys.readouterr().err
    assert "stands twice" in told and "not inside page 1" in told


@pytest.mark.parametrize("text", ["", "[]", "3", '{"id": 1}', '{"fields": [3]}'])
def test_check_names_a_file_that_is_no_template(place: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "odd.json").write_text(text)
    assert command("check", "odd.json") == Exit.UNUSABLE
    assert "odd.json is not right" in capsys.readouterr().err


def test_check_takes_the_id_of_a_bundled_form(capsys: pytest.CaptureFixture[str]) -> None:
    assert command("check", "westminster-consent") == Exit.DONE
    told = capsys.readouterr().out
    assert "westminster-consent 2023: Nothing wrong was found: 20 fields, 18 boxes to mark." in told
    assert "No question answers: tell_others, " in told and "compare every box with the picture" in told
    assert command("check", "nothing") == Exit.UNUSABLE


def test_a_drawing_is_a_pdf_or_a_png() -> None:
    assert command("check", "westminster-consent", "--to", "drawn.docx") == Exit.USAGE


def test_an_own_template_stands_for_the_bundled_one_of_the_same_edition(place: Path) -> None:
    command("draft", BLANK, "--id", "westminster-consent", "--edition", "2023")
    both = with_own(place)
    assert len(both.templates()) == len(load_catalogue().templates())
    assert both.get("westminster-consent", "2023").pages == load_catalogue().get("westminster-consent", "2023").pages
    pictures = {
        page.picture.parent
        for page in both.known_pages()
        if page.id == "westminster-consent" and page.edition == "2023"
    }
    assert pictures == {place.resolve()}


def test_a_wrong_file_of_ours_is_named_and_the_others_are_listed(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = place / "home" / "forms"
    monkeypatch.setenv("PAPERCHAIN_FORMS__FOLDER", "forms")
    assert command("draft", BLANK, "--id", "ours", "--to", own / "ours.1.json") == Exit.DONE
    (own / "wrong.json").write_text('{"id": "wrong" "edition": "1"}')
    capsys.readouterr()
    assert command("list") == Exit.DONE
    told = capsys.readouterr()
    assert "ours 1:" in told.out and "westminster-consent 2023:" in told.out
    assert told.err.startswith("wrong.json is not used: it cannot be read at line 1") and told.err.count("\n") == 1


def test_a_template_that_a_check_finds_wrong_is_named_and_not_listed(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = place / "home" / "forms"
    monkeypatch.setenv("PAPERCHAIN_FORMS__FOLDER", "forms")
    assert command("draft", BLANK, "--id", "ours", "--to", own / "ours.1.json") == Exit.DONE
    raw = json.loads((own / "ours.1.json").read_text("utf-8"))
    boxes = raw["fields"][0]["boxes"]
    boxes["yes"], boxes["no"] = boxes["no"], boxes["yes"]
    (own / "ours.1.json").write_text(json.dumps(raw), "utf-8")
    for _ in range(2):  # found, and then known
        capsys.readouterr()
        assert command("list") == Exit.DONE
        told = capsys.readouterr()
        assert "ours 1" not in told.out and "westminster-consent 2023:" in told.out
        assert told.err.startswith("ours.1.json is not used: The yes box of store_on_database lies by its printed No")
    assert command("check", own / "ours.1.json") == Exit.UNUSABLE


def test_a_folder_of_ours_that_is_not_there_is_told(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PAPERCHAIN_FORMS__FOLDER", "formes")
    assert command("list") == Exit.DONE
    told = capsys.readouterr()
    assert f"{place / 'home' / 'formes'}, is not there" in told.err
    assert "westminster-consent 2023:" in told.out


def test_a_draft_makes_the_folder_that_it_is_written_to(place: Path) -> None:
    own = place / "new" / "forms"
    assert command("draft", BLANK, "--id", "ours", "--to", own / "ours.1.json") == Exit.DONE
    assert (own / "ours.1-1.png").is_file()
    assert [(one.stat().st_mode & 0o077) for one in (own, own.parent)] == [0, 0]


def test_a_draft_that_cannot_be_written_says_where(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "file").write_text("")
    assert command("draft", BLANK, "--id", "ours", "--to", place / "file" / "ours.1.json") == Exit.UNUSABLE
    assert f"{place / 'file'} cannot be written" in capsys.readouterr().err


def test_a_folder_that_is_not_there_adds_nothing(place: Path) -> None:
    assert with_own(place / "missing") is load_catalogue()
    assert with_own(None) is load_catalogue()


def test_the_old_form_is_printed_as_it_is(place: Path) -> None:
    assert command("print", "westminster-consent") == Exit.DONE
    assert (place / "westminster-consent.pdf").read_bytes() == BLANK.read_bytes()


def test_our_own_print_brings_its_template_where_it_is_not_known(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PAPERCHAIN_FORMS__FOLDER", str(place))
    words = ("print", "westminster-consent", "--large", "--language", "cy")
    assert command(*words, "--to", place / "handed-out.pdf") == Exit.DONE
    told = capsys.readouterr().err
    assert "Not checked by a translator" in told and "will not be read" in told
    name = "westminster-consent.2026-cy-large"
    assert (place / "handed-out.pdf").read_bytes() == (place / f"{name}.pdf").read_bytes()
    assert with_own(place).get("westminster-consent", "2026-cy-large").code == "PF010QCL"
    assert command("check", f"{name}.json") == Exit.DONE


@pytest.mark.parametrize(
    "words",
    [["nothing"], ["nothing", "--large"], ["westminster-consent", "--language", "tlh"],
     ["westminster-consent", "--edition", "1999"]],
)  # fmt: skip
def test_what_cannot_be_printed_is_said(words: list[str], place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("print", *words) == Exit.UNUSABLE
    assert "There is no" in capsys.readouterr().err
    assert list(place.glob("*.pdf")) == []


def test_an_edition_and_a_print_of_ours_contradict_each_other() -> None:
    assert command("print", "westminster-consent", "--edition", "2023", "--large") == Exit.USAGE


def test_both_forms_feed_the_same_consents() -> None:
    from forms.printing.press import print_form
    from intake.interpret import consents

    old, new = load_catalogue().get("westminster-consent", "2023"), print_form("westminster-consent").template
    ticked = {field.id: "yes" for field in new.fields if field.kind.is_mark} | {"contact_other_1_name": "Riverbank"}
    events = [{(e.item, e.state, e.other_name) for e in consents(one, dict(ticked), {})} for one in (old, new)]
    assert events[0] == events[1]
    assert len(events[0]) == 13
