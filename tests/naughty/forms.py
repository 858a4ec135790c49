"""The forms of a page as a person meets them, and what would be wrong with a page."""

import random
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = {"text", "search", "password", "email", "tel", "number", "url"}


@dataclass
class Form:
    """One form that is sent by POST: where to, what it carries by itself, what may be chosen, and what may be typed."""

    action: str
    carried: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    ticks: list[tuple[str, str]] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    buttons: int = 0

    @property
    def key(self) -> tuple[str, ...]:
        """What tells two forms of one page apart when the page is read again."""
        hidden = [f"{name}={value}" for name, value in self.carried if name not in ("version", "csrf")]
        return self.action, *sorted(hidden), *sorted(self.typed)

    def filled(self, dice: random.Random) -> dict[str, list[str]]:
        """Sensible values, as far as the form tells."""
        sent: dict[str, list[str]] = {}
        for name, value in self.carried:
            sent.setdefault(name, []).append(value)
        for name, offered in self.choices.items():
            sent[name] = [dice.choice([value for value in offered if value] or offered)]
        for name, value in self.ticks:
            if dice.random() < 0.7:
                sent.setdefault(name, []).append(value)
        for name, value in self.typed.items():
            sent[name] = [value.strip() or self._sensible(name)]
        return sent

    def _sensible(self, name: str) -> str:
        stem = re.sub(r"-(day|month|year|time)$", "", name)
        born = "born" in stem or "birth" in stem
        ahead = re.search(r"until|back|due|review|keep", stem)
        part = name[len(stem) :] if name != stem else "-day" if f"{stem}-month" in self.typed else ""
        match part:
            case "-year":
                return "2011" if born else "2026"
            case "-month":
                return "5" if born else "11"
            case "-day":
                return "14" if born else "27" if ahead else "19"
            case "-time":
                return "09:30"
        if re.search(
            r"^(received|asked|sent_on|known|on|day|when|until|from|by|done|date|seen_on|.*_on|.*_at|.*_day)$", stem
        ):
            return "27 11 2026" if ahead else "19 11 2026"
        if stem == "time" or stem.endswith("_time"):
            return "09:30"
        if stem in ("label", "paper", "papers"):
            return "O-1"
        if stem in ("file", "files", "number", "numbers", "q", "other", "covers"):
            return "PC-0001"
        if re.search(r"count|pages|sheets|first|x|y|width|height|weight", stem):
            return "1"
        return "" if stem == "item" else "1" if stem in ("cabinet", "drawer") else "Invented words"


class Page(HTMLParser):
    """A page taken apart: its links, its forms, and whatever must not be in it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.wrong: list[str] = []
        self.title = ""
        self._form: Form | None = None
        self._inside: str | None = None
        self._name = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        self._look(tag, has)
        name = has.get("name", "")
        match tag:
            case "form" if has.get("method", "").lower() == "post":
                self._form = Form(has.get("action", ""))
            case "a" if "href" in has:
                self.links.append(has["href"])
            case "title":
                self._inside = "title"
            case "input" if self._form and name:
                self._input(has.get("type", "text"), name, has)
            case "textarea" if self._form and name:
                self._form.typed[name] = ""
                self._inside, self._name = "textarea", name
            case "select" if self._form and name:
                self._form.choices[name] = []
                self._inside, self._name = "select", name
            case "option" if self._form and self._inside == "select":
                self._form.choices[self._name].append(has.get("value", ""))
            case "button" if self._form and name:
                self._form.choices.setdefault(name, []).append(has.get("value", ""))
        if tag == "button" and self._form:
            self._form.buttons += 1

    def _input(self, kind: str, name: str, has: dict[str, str]) -> None:
        assert self._form is not None
        match kind:
            case "radio":
                self._form.choices.setdefault(name, []).append(has.get("value", "on"))
            case "checkbox":
                self._form.ticks.append((name, has.get("value", "on")))
            case "file":
                self._form.files.append(name)
            case _ if kind in TYPED:
                self._form.typed[name] = has.get("value", "")
            case _:
                self._form.carried.append((name, has.get("value", "")))

    def _look(self, tag: str, has: dict[str, str]) -> None:
        """What only text that was not escaped could have brought."""
        if tag in ("img", "script") and not re.match(r"/(?!/)|data:image/png", has.get("src", "")):
            self.wrong.append(f"<{tag}> from {has.get('src', 'inside the page')[:40]!r}")
        if tag in (
            "iframe",
            "object",
            "embed",
            "style",
            "base",
            "video",
            "audio",
            "frameset",
            "math",
            "xss",
            "a/",
            "b",
        ):
            self.wrong.append(f"<{tag}>")
        for name, value in has.items():
            address = name in ("href", "action", "formaction", "src")
            if name.startswith("on") or name == "style" or not re.fullmatch(r"[a-z][a-z0-9-]*", name):
                self.wrong.append(f"attribute {name!r} of <{tag}>")
            elif address and not re.match(r"/(?!/)|#|\?|data:image/png;|$", value):
                self.wrong.append(f"{name}={value[:40]!r}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form:
            self.forms += (
                [self._form] if self._form.buttons else []
            )  # without a button it only lays out what may be read
            self._form = None
        if tag in ("title", "textarea", "select"):
            self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title += data
        elif self._inside == "textarea" and self._form:
            self._form.typed[self._name] += data
