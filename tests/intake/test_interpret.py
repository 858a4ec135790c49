"""From confirmed values to consents: a clear word counts, a blank is no No, and doubt stays doubt (R22, R23, F13)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.catalogue import load_catalogue
from forms.results import FieldReading, FormReading
from forms.template import Kind, Template
from intake import interpret
from records.consents.standing import ConsentState
from records.vocabulary import QuarantineReason

WESTMINSTER = load_catalogue().get("westminster-consent", "2023")
NORTHAMPTONSHIRE = load_catalogue().get("northamptonshire-consent", "2025")
BOTH = (WESTMINSTER, NORTHAMPTONSHIRE)

values = st.one_of(
    st.none(), st.sampled_from(["yes", "no", "blank", "unclear", "present", "absent"]), st.text(max_size=5)
)


def all_given(template: Template, **changes: str | None) -> dict[str, str | None]:
    """Every mark a yes, everything signed, every "Other" named."""
    answers: dict[str, str | None] = {}
    for field in template.fields:
        answers[field.id] = {Kind.SIGNATURE: "present", Kind.TEXT: "Sam Sample", Kind.DATE: "2026-03-01"}.get(
            field.kind, "yes"
        )
    return answers | changes


def states(template: Template, answers: dict[str, str | None]) -> dict[str, ConsentState]:
    return {event.field_id: event.state for event in interpret.consents(template, answers, {})}


@pytest.mark.parametrize(
    ("kind", "value", "state"),
    [
        (Kind.YES_NO, "yes", ConsentState.GIVEN),
        (Kind.YES_NO, "no", ConsentState.REFUSED),
        (Kind.YES_NO, "blank", ConsentState.NOT_ANSWERED),
        (Kind.YES_NO, "unclear", ConsentState.UNCLEAR),
        (Kind.YES_NO, None, ConsentState.UNCLEAR),
        (Kind.YES_NO, "Yes", ConsentState.UNCLEAR),
        (Kind.TICK, "yes", ConsentState.GIVEN),
        (Kind.TICK, "blank", ConsentState.NOT_ANSWERED),
        (Kind.TICK, "no", ConsentState.UNCLEAR),
        (Kind.TICK, None, ConsentState.UNCLEAR),
        (Kind.SIGNATURE, "yes", ConsentState.UNCLEAR),
    ],
)
def test_only_a_clear_word_has_a_meaning(kind: Kind, value: str | None, state: ConsentState) -> None:
    assert interpret.state_of(kind, value) is state


@given(st.data())
def test_nothing_but_a_confirmed_yes_is_ever_given(data: st.DataObject) -> None:
    for template in BOTH:
        answers = {field.id: data.draw(values) for field in template.fields}
        for event in interpret.consents(template, answers, {}):
            if event.state is ConsentState.GIVEN:
                assert answers[event.field_id] == "yes"
            if event.state is ConsentState.REFUSED:
                assert answers[event.field_id] == "no"


@pytest.mark.parametrize("template", BOTH, ids=lambda template: template.id)
def test_every_consent_of_a_form_is_there_once_with_its_wording(template: Template) -> None:
    found = interpret.consents(template, all_given(template), {"contact_by_email": 3})
    asked = [field for field in template.fields if field.item and not field.item.startswith("paper:")]

    assert [(event.field_id, event.item, event.wording) for event in found] == [
        (field.id, field.item, field.wording) for field in asked
    ]
    assert {event.state for event in found} == {ConsentState.GIVEN}
    assert [event.page for event in found if event.field_id == "contact_by_email"] in ([], [3])


def test_nothing_answered_is_all_unclear() -> None:
    assert set(states(WESTMINSTER, {}).values()) == {ConsentState.UNCLEAR}


@pytest.mark.parametrize(
    ("tick", "name", "state"),
    [
        ("yes", "Sam Sample", ConsentState.GIVEN),
        ("yes", None, ConsentState.UNCLEAR),
        ("yes", "  ", ConsentState.UNCLEAR),
        ("blank", "Sam Sample", ConsentState.UNCLEAR),
        ("blank", None, ConsentState.NOT_ANSWERED),
        ("unclear", "Sam Sample", ConsentState.UNCLEAR),
    ],
)
def test_other_counts_only_as_tick_and_name_together(tick: str, name: str | None, state: ConsentState) -> None:
    """F20."""
    answers = all_given(WESTMINSTER, contact_other_1=tick, contact_other_1_name=name)
    (event,) = (each for each in interpret.consents(WESTMINSTER, answers, {}) if each.field_id == "contact_other_1")

    assert event.state is state
    assert event.other_name == ((name or "").strip() or None)


@pytest.mark.parametrize(
    ("template", "store"), [(WESTMINSTER, "store_on_database"), (NORTHAMPTONSHIRE, "keep_details_on_database")]
)
@pytest.mark.parametrize(
    ("value", "storing", "waits"),
    [
        ("yes", ConsentState.GIVEN, None),
        ("no", ConsentState.REFUSED, None),
        ("blank", ConsentState.NOT_ANSWERED, QuarantineReason.STORE_NOT_ANSWERED),
        ("unclear", ConsentState.UNCLEAR, QuarantineReason.STORE_UNCLEAR),
        (None, ConsentState.UNCLEAR, QuarantineReason.STORE_UNCLEAR),
    ],
)
def test_what_a_form_says_about_keeping_it(
    template: Template, store: str, value: str | None, storing: ConsentState, waits: QuarantineReason | None
) -> None:
    answers = all_given(template, **{store: value})

    assert interpret.storing(template, answers) is storing
    assert interpret.quarantine(template, answers) is waits


@pytest.mark.parametrize("template", BOTH, ids=lambda template: template.id)
@pytest.mark.parametrize("value", ["absent", "unclear", "blank", None])
def test_one_missing_signature_is_enough_to_wait(template: Template, value: str | None) -> None:
    signatures = [field.id for field in template.fields if field.kind is Kind.SIGNATURE]
    assert signatures
    for signature in signatures:
        answers = all_given(template, **{signature: value})
        assert interpret.quarantine(template, answers) is QuarantineReason.NOT_SIGNED


def test_keeping_is_asked_about_before_the_signature() -> None:
    answers = all_given(WESTMINSTER, store_on_database="blank", signature="absent")

    assert interpret.quarantine(WESTMINSTER, answers) is QuarantineReason.STORE_NOT_ANSWERED


@pytest.mark.parametrize(
    ("keep", "back", "wish"),
    [
        ("yes", "blank", "keep"),
        ("blank", "yes", "return"),
        ("yes", "yes", "unclear"),
        ("unclear", "yes", "unclear"),
        ("yes", "unclear", "unclear"),
        ("unclear", "blank", "unclear"),
        ("blank", "blank", "unknown"),
        (None, None, "unclear"),
    ],
)
def test_what_the_family_wants_done_with_the_paper(keep: str | None, back: str | None, wish: str) -> None:
    answers = all_given(NORTHAMPTONSHIRE, keep_on_file=keep, return_to_me=back)

    assert interpret.paper_wish(NORTHAMPTONSHIRE, answers) == wish


@pytest.mark.parametrize("form", ["westminster-consent", "northamptonshire-consent"])
@pytest.mark.parametrize(
    ("destroy", "back", "wish"),
    [
        ("yes", "blank", "destroy"),
        ("yes", "yes", "unclear"),
        ("yes", "unclear", "unclear"),
        ("unclear", "yes", "unclear"),
        ("blank", "yes", "return"),
        ("blank", "blank", "unknown"),
    ],
)
def test_our_prints_let_the_family_choose_that_the_paper_is_destroyed(
    form: str, destroy: str, back: str, wish: str
) -> None:
    print_of_ours = load_catalogue().get(form, "2026")
    ticks = {one.id: "blank" for one in print_of_ours.fields if (one.item or "").startswith("paper:")}
    answers = all_given(print_of_ours) | ticks | {"destroy_paper": destroy, "return_to_me": back}

    assert interpret.paper_wish(print_of_ours, answers) == wish
    assert all(event.item != "paper:destroy" for event in interpret.consents(print_of_ours, answers, {}))


def test_a_form_that_does_not_ask_about_the_paper_leaves_it_unknown() -> None:
    assert interpret.paper_wish(WESTMINSTER, all_given(WESTMINSTER)) == "unknown"


def test_a_field_that_was_not_read_is_still_asked() -> None:
    email = next(field for field in WESTMINSTER.fields if field.id == "contact_by_email")
    read = FieldReading(email.id, email.kind, "yes", False, 0.97, None, 4, email.box, email.page)
    found = interpret.questions(WESTMINSTER, FormReading(WESTMINSTER.id, WESTMINSTER.edition, (4,), {email.id: read}))

    assert [question.field for question in found] == list(WESTMINSTER.fields)
    for question in found:
        if question.field.id == email.id:
            assert (question.value, question.review, question.confidence, question.page) == ("yes", False, 0.97, 4)
        else:
            assert (question.value, question.review, question.reason) == (None, True, "This was not read.")


@pytest.mark.parametrize(("parent", "young_person", "signed"), [
    ("present", "absent", True), ("absent", "present", True), ("present", "present", True), ("absent", "absent", False),
])  # fmt: skip
def test_a_printed_form_is_signed_by_the_parent_or_by_the_young_person(
    parent: str, young_person: str, signed: bool
) -> None:
    printed = load_catalogue().get("westminster-consent", "2026")
    answers = all_given(printed, signature=parent, young_person_signature=young_person)
    assert (interpret.quarantine(printed, answers) is None) is signed
