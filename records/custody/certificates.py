"""What a contractor's certificate must say, and whether it closes a sack: every gap named. Pure (R57)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from records.policies.periods import in_words


class Level(StrEnum):
    """What a sack holds decides how small the pieces must be."""

    ORDINARY = "ordinary"
    SENSITIVE = "sensitive"


@dataclass(frozen=True)
class Sack:
    """What we know of a sack that was collected."""

    seal: str
    papers: int
    in_hand: int
    collected_on: date
    least_level: int


@dataclass(frozen=True)
class Certificate:
    """R57: number, company, date, site, method and level, weights or bags, seal numbers, signatory."""

    number: str
    company: str
    destroyed_on: date
    site: str
    method: str
    level: int
    bags: int
    seals: tuple[str, ...]
    signatory: str
    weight_kg: str | None = None


class Gap(StrEnum):
    """Why a certificate does not close a sack."""

    SEAL = "seal"
    BAGS = "bags"
    LEVEL = "level"
    TOO_EARLY = "too_early"
    PAPERS = "papers"


def gaps(sack: Sack, certificate: Certificate) -> tuple[Gap, ...]:
    """Everything in which a certificate and a sack disagree. Empty: every paper of the sack is accounted for."""
    found = []
    if _same(sack.seal) not in {_same(seal) for seal in certificate.seals}:
        found.append(Gap.SEAL)
    if certificate.bags != len(certificate.seals):
        found.append(Gap.BAGS)
    if certificate.level < sack.least_level:
        found.append(Gap.LEVEL)
    if certificate.destroyed_on < sack.collected_on:
        found.append(Gap.TOO_EARLY)
    if sack.in_hand != sack.papers:
        found.append(Gap.PAPERS)
    return tuple(found)


def in_sentence(gap: Gap, sack: Sack) -> str:
    """A gap in words."""
    match gap:
        case Gap.SEAL:
            return f"Seal {sack.seal} is not on the certificate."
        case Gap.BAGS:
            return "The number of bags and the number of seals on it differ."
        case Gap.LEVEL:
            return f"It was shredded less finely than P-{sack.least_level}."
        case Gap.TOO_EARLY:
            return f"It is dated before the sack was collected on {in_words(sack.collected_on)}."
        case Gap.PAPERS:
            return f"{sack.papers} papers went into the sack, but {sack.in_hand} are recorded as collected."


def _same(seal: str) -> str:
    return "".join(seal.split()).casefold()
