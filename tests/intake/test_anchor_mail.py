"""P9: the head of the chain goes out by e-mail through a real server, once for each anchor, with nothing personal in it."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from pydantic import ValidationError

from intake import anchor_mail, anchoring, daily
from intake.settings import Audit
from intake.wiring import Paperchain
from records.audit import anchors, trail
from records.clock import Clock
from tests import builders

TO, FROM = "manager@elsewhere.example", "paperchain@service.example"


class Server(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as sending one message takes. `said`: every line it was told; `refuse`: it takes nothing."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.said: list[bytes] = []
        self.messages: list[bytes] = []
        self.refuse = False


class Handler(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self.say("220 invented.example ESMTP")
        for line in self.rfile:
            self.server.said.append(line)
            match line[:4].upper():
                case b"EHLO" | b"HELO":
                    self.say("250 invented.example")
                case b"RCPT" if self.server.refuse:
                    self.say("451 try again later")
                case b"DATA":
                    self.say("354 go on")
                    self.take()
                case b"QUIT":
                    return self.say("221 bye")
                case _:
                    self.say("250 ok")
        return None

    def take(self) -> None:
        body = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            body += line
        self.server.messages.append(body)
        self.say("250 kept")

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


@pytest.fixture
def chain(tmp_path: Path, clock: Clock, server: Server) -> Iterator[Paperchain]:
    with builders.home(tmp_path / "home", clock) as made:
        audit = Audit(
            mail_host="127.0.0.1", mail_port=server.server_address[1], mail_tls="none", mail_from=FROM, mail_to=TO
        )
        yield replace(made, settings=made.settings.model_copy(update={"audit": audit}))


def entered(chain: Paperchain) -> None:
    with chain.db.writing() as session:
        trail.append(
            session, actor="system", act="item_seen", subject_kind="item", subject_id="1", at=chain.clock.now()
        )


def test_each_anchor_is_sent_once_and_can_be_verified_from_the_mail(chain: Paperchain, server: Server) -> None:
    anchor_mail.when_due(chain)
    assert server.messages == []  # nothing was recorded yet
    entered(chain)
    for _ in range(3):
        assert daily.run_due(chain) == []
    [sent] = server.messages
    mail = message_from_bytes(sent, policy=policy.default)
    assert (mail["From"], mail["To"]) == (FROM, TO)
    assert mail["Subject"] == "Paperchain audit anchor 2026-11-20"
    [anchor] = anchors.from_text(mail.get_content())
    with chain.db.reading() as session:
        assert trail.check(session, anchors.by_sequence([anchor])) == trail.check(session)
        newest = anchors.newest(session)
    assert newest is not None and anchor.mac == newest.mac
    assert set(mail.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    own = socket.gethostname().encode()
    assert not any(own in line for line in [*server.said, sent])
    entered(chain)
    anchoring.write(chain)
    anchor_mail.when_due(chain)
    assert len(server.messages) == 2


def test_a_server_that_takes_nothing_is_asked_again_and_other_jobs_run(chain: Paperchain, server: Server) -> None:
    entered(chain)
    server.refuse = True
    assert daily.run_due(chain) == ["anchor mail"]
    server.refuse = False
    assert daily.run_due(chain) == []
    assert len(server.messages) == 1


def test_a_server_that_cannot_make_the_way_secret_is_told_nothing(chain: Paperchain, server: Server) -> None:
    entered(chain)
    anchoring.write(chain)
    audit = chain.settings.audit.model_copy(update={"mail_tls": "starttls"})
    strict = replace(chain, settings=chain.settings.model_copy(update={"audit": audit}))
    with pytest.raises(OSError):
        anchor_mail.when_due(strict)
    assert server.messages == []


@pytest.mark.parametrize(
    "given",
    [
        {"mail_host": "x.example"}, {"mail_to": TO}, {"mail_host": "x.example", "mail_from": FROM, "mail_to": TO, "mail_tls": "none"},
        {"mail_host": "x.example", "mail_from": FROM, "mail_to": f"{TO}, other@x.example"}, {"mail_user": "x"},
        {"mail_host": "x.example", "mail_from": FROM, "mail_to": "two words@x.example"},
    ],
)  # fmt: skip
def test_half_a_setting_stops_the_start(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Audit.model_validate(given)
