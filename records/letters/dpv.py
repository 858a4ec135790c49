"""One person's consents as a consent record of ISO/IEC TS 27560, in JSON-LD with W3C DPV terms (R21). Pure.

Header, processing, parties, events: the four sections of the standard, under its own field names. The context stands in the
document and nothing is fetched, so that the record can be read in twenty years without the web.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from records.consents.items import Category, is_about_professionals, is_news
from records.consents.standing import SPOKEN, Answer, ConsentState, Route
from records.policies.settings import Policy

SCHEMA = "ISO/IEC TS 27560:2023"
STATES: Mapping[ConsentState, str] = {
    ConsentState.GIVEN: "dpv:ConsentGiven",
    ConsentState.REFUSED: "dpv:ConsentRefused",
    ConsentState.WITHDRAWN: "dpv:ConsentWithdrawn",
    ConsentState.EXPIRED: "dpv:ConsentExpired",
    ConsentState.NOT_ANSWERED: "dpv:ConsentRequested",
    ConsentState.UNCLEAR: "dpv:ConsentUnknown",
    ConsentState.SUPERSEDED: "dpv:ConsentInvalidated",
}
"""Superseded: an earlier event that a later one closed (R21)."""

_IRI = {"@type": "@id"}
_TIME = {"@type": "http://www.w3.org/2001/XMLSchema#dateTime"}
_DAY = {"@type": "http://www.w3.org/2001/XMLSchema#date"}
CONTEXT: Mapping[str, Any] = {  # Any: what JSON-LD holds
    "@version": 1.1,
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "pc": "urn:paperchain:",
    "schema_version": "dct:conformsTo",
    "record_id": "dct:identifier",
    "receipt_id": "pc:receiptNumber",
    "pii_principal_id": {"@id": "dpv:hasDataSubject", **_IRI},
    "created": {"@id": "dct:created", **_TIME},
    "processing": {"@id": "dpv:hasProcess", "@container": "@set"},
    "privacy_notice": "dpv:hasNotice",
    "language": "dct:language",
    "purpose": "dpv:hasPurpose",
    "purpose_type": {"@id": "pc:purposeType", **_IRI},
    "lawful_basis": {"@id": "dpv:hasLegalBasis", **_IRI},
    "pii_information": {"@id": "dpv:hasPersonalData", "@container": "@set"},
    "pii_controllers": {"@id": "dpv:hasDataController", "@container": "@set", **_IRI},
    "collection_method": "dpv:hasDataSource",
    "storage_location": "dpv:hasLocation",
    "retention_period": "dpv:hasStorageCondition",
    "jurisdiction": "dpv:hasJurisdiction",
    "recipients": {"@id": "dpv:hasRecipient", "@container": "@set"},
    "withdrawal_method": "pc:withdrawalMethod",
    "events": {"@id": "dpv:hasConsentStatus", "@container": "@list"},
    "event_id": "dct:identifier",
    "event_time": {"@id": "dpv:isIndicatedAtTime", **_TIME},
    "effective_on": {"@id": "dct:valid", **_DAY},
    "recorded_at": {"@id": "dct:dateSubmitted", **_TIME},
    "validity_duration": "dpv:hasDuration",
    "entity_id": {"@id": "dpv:isIndicatedBy", **_IRI},
    "event_type": "dpv:hasIndicationMethod",
    "event_state": "@type",
    "wording": "dct:description",
    "edition": "dct:hasVersion",
    "policy_version": "pc:policyVersion",
    "party_identification": {"@id": "pc:party", "@container": "@set"},
    "party_id": "@id",
    "party_name": "foaf:name",
    "party_address": "dpv:hasAddress",
    "party_contact": "dpv:hasContact",
    "party_type": "@type",
}


@dataclass(frozen=True)
class Party:
    """Somebody named in the record."""

    id: str
    name: str
    type: str
    address: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Asked:
    """What was asked with an answer: wording and edition, and what it names. By event id."""

    wording: str
    form: str | None = None
    edition: str | None = None
    policy_version: str = ""


def record(
    *, record_id: str, receipt: str, principal: Party, controller: Party, subject: Party, answers: Sequence[Answer], asked: Mapping[str, Asked],
    named: Mapping[str, Sequence[str]], policy: Policy, language: str, made_at: datetime, lapsed: Mapping[str, date] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The record of one person's own answers. `named`: bodies recorded under an item (R25); `lapsed`: since when the last yes to an item has
    run out. Every answer must be `principal`'s."""
    by_item: dict[str, list[Answer]] = {}
    for answer in sorted(answers, key=lambda each: (each.effective_on, each.recorded_at, each.id)):
        by_item.setdefault(answer.item, []).append(answer)
    parties = [principal, controller] + ([subject] if subject.id != principal.id else [])
    return {
        "@context": CONTEXT,
        "@id": f"urn:uuid:{record_id}",
        "@type": "dpv:ConsentRecord",
        "schema_version": SCHEMA,
        "record_id": record_id,
        "receipt_id": receipt,
        "pii_principal_id": principal.id,
        "created": made_at.isoformat(),
        "processing": [
            _processing(item, found, asked, named.get(item, ()), policy, controller, language, (lapsed or {}).get(item))
            for item, found in by_item.items()
        ],
        "party_identification": [_party(each) for each in parties],
    }


def _processing(
    item: str, answers: Sequence[Answer], asked: Mapping[str, Asked], named: Sequence[str], policy: Policy, controller: Party,
    language: str, lapsed_on: date | None,
) -> dict[str, Any]:  # fmt: skip
    last = asked.get(answers[-1].id, Asked(item))
    return {
        "@type": "dpv:Process",
        "@id": f"urn:paperchain:item:{item}",
        "privacy_notice": f"{last.form} {last.edition}" if last.form else "Told in words by an officer",
        "language": language,
        "purpose": last.wording,
        "purpose_type": _purpose(item),
        "lawful_basis": "dpv:Consent",
        "pii_information": ["dpv:ContactData"] if is_news(item) else ["dpv:PersonalData"],
        "pii_controllers": [controller.id],
        "collection_method": "dpv:DataSubjectDataSource",
        "storage_location": "dpv:WithinCountry",
        "retention_period": policy_words(policy),
        "jurisdiction": policy.nation,
        "recipients": list(named) or [_recipient(item)],
        "withdrawal_method": "Tell any of us in any way, at any time. No form and no reason are needed.",
        "events": [_event(each, asked.get(each.id, Asked(item)), policy) for each in answers]
        + ([_lapse(answers[-1], last, policy, lapsed_on)] if lapsed_on is not None else []),
    }


def policy_words(policy: Policy) -> str:
    """The rule of keeping in the policy's own words."""
    return next(row.words for row in policy.rows if row.code == "S10")


def _event(answer: Answer, asked: Asked, policy: Policy) -> dict[str, Any]:
    return {
        "event_id": answer.id,
        "event_time": _midnight(answer.effective_on),
        "effective_on": answer.effective_on.isoformat(),
        "recorded_at": answer.recorded_at.isoformat(),
        "validity_duration": _validity(answer, policy),
        "entity_id": f"urn:uuid:{answer.person}",
        "event_type": "Signed form" if answer.route is Route.FORM else f"Told by {answer.route.value}",
        "event_state": STATES[answer.state],
        "wording": asked.wording,
        "edition": asked.edition or "–",
        "policy_version": asked.policy_version or policy.version,
    }


def _validity(answer: Answer, policy: Policy) -> str:
    """How long a yes holds by itself: a spoken one its days (W27), any other its months (R33)."""
    months, days = policy.periods.consent_refresh_months, policy.periods.spoken_consent_days
    if answer.state is not ConsentState.GIVEN:
        return "until withdrawn"
    if days and answer.route in SPOKEN and not is_news(answer.item):
        return f"P{days}D"
    return f"P{months}M" if months else "until withdrawn"


def _lapse(answer: Answer, asked: Asked, policy: Policy, on: date) -> dict[str, Any]:
    """That a yes has run out by itself is an event too, which nobody indicated (R21, R33)."""
    return _event(answer, asked, policy) | {
        "event_id": f"{answer.id}:lapsed",
        "event_time": _midnight(on),
        "effective_on": on.isoformat(),
        "recorded_at": _midnight(on),
        "validity_duration": "until answered again",
        "event_type": "Ran out by itself",
        "event_state": STATES[ConsentState.EXPIRED],
    }


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00"


def _purpose(item: str) -> str:
    if is_news(item):
        return "dpv:Marketing"
    if item == "store":
        return "dpv:RecordManagement"
    return "dpv:CommunicationManagement" if is_about_professionals(item) else "dpv:ServiceProvision"


def _recipient(item: str) -> str:
    kind = item.partition(":")[2]
    known = {each.value for each in Category}
    return f"Kind of professional: {kind}" if is_about_professionals(item) and kind in known else "The service alone"


def _party(party: Party) -> dict[str, Any]:
    return {
        "party_id": party.id,
        "party_name": party.name,
        "party_address": party.address or "Not recorded",
        "party_contact": party.contact or "Through the service",
        "party_type": party.type,
    }
