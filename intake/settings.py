"""Settings: one frozen object from `paperchain.toml` and the environment. This module alone reads the environment.

Environment wins over the file: `[desk] port` is `PAPERCHAIN_DESK__PORT`. Anything unknown or wrong stops the start with the
line at fault.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from records.errors import NotSetUp

PREFIX = "PAPERCHAIN_"
CHECKOUT = Path(__file__).resolve().parent.parent
NOT_SETTINGS = frozenset({"PAPERCHAIN_HOME"})


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Service(_Section):
    """Which service this is."""

    name: str = Field(
        default="Information, Advice and Support Service", description="Shown in the header of every page."
    )
    policy: str = Field(
        default="westminster",
        description="Which service's policy applies: see `paperchain policy list`; or the name of its own file (.toml) in the home.",
    )
    contact: str = Field(
        default="",
        max_length=500,
        description="How families reach the service, as letters print it: lines with semicolons between them.",
    )
    safeguarding: str = Field(
        default="",
        max_length=1000,
        description="Whom staff tell about a concern, as the safeguarding policy lists them: lines with semicolons between them.",
    )

    @property
    def contact_lines(self) -> tuple[str, ...]:
        """The lines of `contact`."""
        return _lines(self.contact)

    @property
    def safeguarding_lines(self) -> tuple[str, ...]:
        """The lines of `safeguarding`."""
        return _lines(self.safeguarding)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.split(";") if line.strip())


class Intake(_Section):
    """When a file in the folder is ready."""

    still_seconds: float = Field(
        default=5, ge=0, le=3600, description="A file is ready when it has not changed for so long."
    )
    unfinished_seconds: float = Field(
        default=30,
        ge=0,
        le=86400,
        description="A file whose end is missing is given so long to grow before it is stopped.",
    )
    look_every_seconds: float = Field(
        default=10, gt=0, le=60, description="The folder is looked through at least so often."
    )
    smallest_free_mb: int = Field(
        default=1024, ge=0, description="Below so much free disc space nothing more is taken in."
    )
    folders: tuple[Path, ...] = Field(
        default=(), description="Further folders to watch beside inbox/, each as a full path."
    )

    @field_validator("folders", mode="before")
    @classmethod
    def _split(cls, given: object) -> object:
        """In the environment the folders stand in one line, as in PATH."""
        return [part for part in given.split(os.pathsep) if part] if isinstance(given, str) else given

    @field_validator("folders")
    @classmethod
    def _full_paths(cls, folders: tuple[Path, ...]) -> tuple[Path, ...]:
        if not all(folder.is_absolute() for folder in folders):
            raise ValueError("each folder must be a full path, beginning with /")
        return folders


class Work(_Section):
    """Reading the post."""

    workers: int = Field(default=2, ge=1, le=64, description="How many documents are read at the same time.")
    memory_mb: int = Field(default=1200, ge=256, description="Most memory one document may use while it is opened.")
    page_seconds: float = Field(
        default=20,
        ge=1,
        le=600,
        description="Computing time, beside 2 seconds for each page, after which a document is stopped as a bomb.",
    )
    largest_file_mb: int = Field(default=100, ge=1, le=2000, description="A larger file is stopped.")
    most_pages: int = Field(default=1000, ge=1, le=10000, description="A longer document is stopped.")
    most_frames: int = Field(
        default=2000, ge=1, le=20000, description="A file with more pictures in it, pages or not, is stopped."
    )
    largest_stream_mb: int = Field(
        default=75,
        ge=1,
        le=1000,
        description="A PDF whose content unpacks to more is stopped; scans are bound by their pixels.",
    )
    page_megapixels: int = Field(
        default=40, ge=1, le=400, description="A page with more millions of pixels is stopped (A4 at 600 dpi has 35)."
    )
    page_side_points: int = Field(
        default=14400, ge=1000, le=200_000, description="A page with a longer side, in points of 1/72 inch, is stopped."
    )
    languages: str = Field(
        default="eng", pattern=r"^[a-zA-Z_+]+$", description="Tesseract's language packs, for example eng+cym."
    )
    allow_unprotected: bool = Field(
        default=False, description="Open documents even where this system cannot lock the reader in."
    )


class Forms(_Section):
    """Forms of the service's own, beside those that come with Paperchain."""

    folder: Path | None = Field(
        default=None,
        description="A folder with templates of your own: see docs/forms.md. Relative to the home folder.",
    )


class Store(_Section):
    """Where sealed documents lie."""

    kind: Literal["folder", "s3"] = Field(
        default="folder", description="A folder, or a bucket of an S3-compatible store."
    )
    folder: Path | None = Field(
        default=None, description="A folder that every machine sees, instead of documents/ in the home."
    )
    bucket: str | None = Field(default=None, description="The bucket's name.")
    endpoint: str | None = Field(
        default=None, description="The store's address, unless it is Amazon's own: https://store.example"
    )
    region: str = Field(default="eu-west-2", description="The store's region.")
    access_key: SecretStr | None = Field(
        default=None, description="The key's id. Without one the machine's own role is used."
    )
    secret_key: SecretStr | None = Field(default=None, description="The key's secret.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind == "s3" and not self.bucket:
            raise ValueError('kind = "s3" needs a bucket')
        if (self.access_key is None) != (self.secret_key is None):
            raise ValueError("access_key and secret_key go together")
        return self


class Metrics(_Section):
    """Figures for Prometheus: counts and times, nothing about people."""

    port: int | None = Field(
        default=None, ge=1, le=65535, description="Serve figures on this port; not set: none are served."
    )
    host: str = Field(default="127.0.0.1", description="The address they are served on.")


class Desk(_Section):
    """The web desk."""

    host: str = Field(default="127.0.0.1", description="The address it listens on.")
    port: int = Field(default=8765, ge=1, le=65535, description="The port it listens on.")
    address: str | None = Field(
        default=None, description="The address staff type, when a proxy with https stands in front."
    )
    idle_minutes: float = Field(default=15, gt=0, le=240, description="Signed out after so long without a click.")
    fresh_minutes: float = Field(
        default=15, gt=0, le=240,
        description="Before something is destroyed or let out, a password typed longer ago is asked for again.",
    )  # fmt: skip


class Audit(_Section):
    """The record of what happened."""

    anchor_folder: Path | None = Field(
        default=None,
        description="Where the newest entry of the record is written down each day, best on another machine. Relative to the home folder.",
    )
    mail_host: str | None = Field(
        default=None, description="A mail server through which the newest entry is also sent each day; not set: none."
    )
    mail_port: int = Field(default=587, ge=1, le=65535, description="The mail server's port.")
    mail_tls: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How the way to the mail server is made secret; none only within this machine."
    )
    mail_from: str | None = Field(default=None, description="The address it is sent from.")
    mail_to: str | None = Field(default=None, description="The address it is sent to, best outside the service.")
    mail_user: str | None = Field(default=None, description="The name to sign in at the mail server with, if it asks.")
    mail_password: SecretStr | None = Field(default=None, description="The password for it.")

    @field_validator("mail_from", "mail_to")
    @classmethod
    def _one_address(cls, given: str | None) -> str | None:
        if given is not None and not re.fullmatch(r"[^@\s<>,;\x00-\x1f]+@[^@\s<>,;\x00-\x1f]+", given):
            raise ValueError("it must be one e-mail address")
        return given

    @model_validator(mode="after")
    def _mail_whole(self) -> Self:
        if len({self.mail_host is None, self.mail_from is None, self.mail_to is None}) == 2:
            raise ValueError("mail_host, mail_from and mail_to go together")
        if (self.mail_user is None) != (self.mail_password is None):
            raise ValueError("mail_user and mail_password go together")
        if self.mail_tls == "none" and self.mail_host not in (None, "127.0.0.1", "::1", "localhost"):
            raise ValueError('mail_tls = "none" is for a mail server on this machine alone')
        return self


class Backup(_Section):
    """Copies from which everything can be begun again."""

    folder: Path | None = Field(
        default=None,
        description="Where backups are kept, as a full path, best on another machine. Not set: none are made by themselves.",
    )
    every_hours: float = Field(default=24, ge=0.25, le=168, description="How often a backup is made by itself.")
    keep_days: int = Field(
        default=35,
        ge=1,
        le=366,
        description="A backup is destroyed after so many days; so long can something erased still lie in one.",
    )
    before_waste: bool = Field(
        default=False,
        description="A paper may go in confidential waste only when its pictures are in a backup that was read back.",
    )

    @field_validator("folder")
    @classmethod
    def _full_path(cls, folder: Path | None) -> Path | None:
        if folder is not None and not folder.is_absolute():
            raise ValueError("the folder must be a full path, beginning with /")
        return folder


class Retention(_Section):
    """How what is due is destroyed. What is due, and when, is the policy's."""

    run_by_itself: bool = Field(
        default=True, description="Destroy approved lists once a month by itself, when their days of grace are over."
    )
    most_files: int = Field(
        default=20, ge=1, le=1000, description="A run destroys so many files at most, and else none."
    )
    most_percent: float = Field(
        default=2.0,
        gt=0,
        le=100,
        description="A run destroys at most this share of all files, whichever is less; one is always allowed.",
    )


class Settings(_Section):
    """Everything that can be set. `home` comes from PAPERCHAIN_HOME."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    home: Path = Field(exclude=True)
    database_url: SecretStr | None = Field(
        default=None, description="A PostgreSQL to use instead of the embedded database."
    )
    master_key: Path | None = Field(
        default=None, description="The master key, when it is kept elsewhere than in keys/."
    )
    service: Service = Service()
    intake: Intake = Intake()
    work: Work = Work()
    desk: Desk = Desk()
    retention: Retention = Retention()
    forms: Forms = Forms()
    store: Store = Store()
    metrics: Metrics = Metrics()
    audit: Audit = Audit()
    backup: Backup = Backup()

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    @property
    def watched(self) -> tuple[Path, ...]:
        """Every folder that is watched, the home's own first."""
        return tuple(dict.fromkeys((self.inbox, *self.intake.folders)))

    @property
    def stopped(self) -> Path:
        return self.home / "stopped"

    @property
    def documents(self) -> Path:
        return self.store.folder or self.home / "documents"

    @property
    def own_forms(self) -> Path | None:
        """The folder of the service's own templates, if it has one."""
        return self.home / self.forms.folder if self.forms.folder is not None else None

    @property
    def forms_in_use(self) -> Path:
        """Where the copy of that folder lies by which letters are read."""
        return self.home / "forms-in-use"

    @property
    def anchors(self) -> Path:
        """Where audit anchors are written down."""
        return self.home / (self.audit.anchor_folder or "anchors")

    @property
    def database_file(self) -> Path:
        return self.home / "paperchain.db"

    @property
    def key_file(self) -> Path:
        return self.master_key or self.home / "keys" / "master.key"


def home_folder(environment: Mapping[str, str] = os.environ) -> Path:
    return Path(environment.get("PAPERCHAIN_HOME") or CHECKOUT / "home").expanduser().absolute()


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force. Raises NotSetUp naming the line at fault."""
    home = home_folder(environment)
    file = home / "paperchain.toml"
    _refuse_unknown_variables(environment)

    try:
        values = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
        for name, value in _nested(environment).items():
            both_sections = isinstance(value, dict) and isinstance(values.get(name), dict)
            values[name] = values[name] | value if both_sections else value
        return Settings(home=home, **values)
    except ValidationError as error:
        raise NotSetUp(_in_words(error, file, environment)) from None
    except (ValueError, OSError) as error:  # TOML that cannot be read says its own line and column
        raise NotSetUp(f"{file} cannot be read: {error}. Mend that line.") from None


def _nested(environment: Mapping[str, str]) -> dict[str, Any]:
    """PAPERCHAIN_DESK__PORT=1 as {"desk": {"port": "1"}}; what is set here wins over the file, setting by setting."""
    values: dict[str, Any] = {}
    for variable, value in environment.items():
        if variable.startswith(PREFIX) and variable not in NOT_SETTINGS:
            section, _, name = variable.removeprefix(PREFIX).lower().partition("__")
            if name:
                values.setdefault(section, {})[name] = value
            else:
                values[section] = value
    return values


def _refuse_unknown_variables(environment: Mapping[str, str]) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} - NOT_SETTINGS
    for variable in sorted(environment):
        if variable.startswith(PREFIX) and variable not in NOT_SETTINGS and variable.split("__")[0] not in known:
            raise NotSetUp(
                f"The environment variable {variable} is not a setting of Paperchain. Remove it or mend its name."
            )


def _in_words(error: ValidationError, file: Path, environment: Mapping[str, str]) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    path = [str(step) for step in first["loc"]]
    name = ".".join(path)
    variable = PREFIX + "__".join(path).upper()
    where = f"environment variable {variable}" if variable in environment else _line(file, path)
    if first["type"] == "extra_forbidden":
        return f"{where}: “{name}” is not a setting of Paperchain. Remove it or mend its name."
    return f"{where}: “{name}” is wrong: {first['msg'][:1].lower()}{first['msg'][1:]}."


def _line(file: Path, path: list[str]) -> str:
    """Where in the file a setting stands."""
    section, key = ("", path[0]) if len(path) == 1 else (path[0], path[1])
    inside = ""
    try:
        lines = file.read_text("utf-8").splitlines()
    except OSError:
        return str(file)
    for number, line in enumerate(lines, 1):
        if heading := re.match(r"\s*\[([^\]]+)\]", line):
            inside = heading[1].strip()
            if inside == key and not section:
                return f"{file}, line {number}"
        elif re.match(rf"\s*{re.escape(key)}\s*=", line) and inside == section:
            return f"{file}, line {number}"
    return str(file)


def as_rows(settings: Settings) -> list[tuple[str, Any]]:
    """Each setting with its value, for `doctor`; secrets as stars."""
    return [(f"{section}.{name}", value) for section, values in settings.model_dump().items() if isinstance(values, dict)
            for name, value in values.items()]  # fmt: skip
