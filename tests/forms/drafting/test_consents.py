"""The consents that are guessed from plain words, and the words from which nothing is guessed."""

import pytest

from forms.drafting.consents import mark_guess
from records.consents.items import WORDS

TALK = "You may talk to these people:"
SHARE = "Share my details with:"
NEWS = "How may we send you news?"
AGREE = "Do you agree that the service may:"


@pytest.mark.parametrize(
    ("label", "lead", "item"),
    [
        ("Health Service", "Please tick whom we may contact:", "contact:health"),
        ("Health services", "You may share information with:", "share:health"),
        ("Keep my details on your database", "", "store"),
        ("by e-mail", "You may contact me with news", "news:email"),
        ("Return it to me", "Tick one.", "paper:return"),
        ("Return it to me", "Without a tick it goes into the waste.", "paper:return"),
        ("1. I agree that you may keep a record of our contact and the information I have given.", "", "store"),
        ("hold information about us on a computer", "I am happy for you to", "store"),
        ("May the service keep your information on file?", "", "store"),
        ("I give permission for the service to hold my data on its case system", "", "store"),
        (
            "2. I agree that the service may talk to my child’s school or college.",
            "",
            "contact:education",
        ),
        ("talk to doctors and therapists", "I am happy for you to", "contact:health"),
        ("talk to health professionals (for example the paediatrician or therapist)", AGREE, "contact:health"),
        ("talk to the council (SEN team)", AGREE, "contact:la_sen"),
        ("May we speak with the local authority about the EHC needs assessment?", "", "contact:la_sen"),
        ("share information with the SEN department of the local authority", AGREE, "share:la_sen"),
        ("I agree that the service may contact social care on our behalf.", "", "contact:social_care"),
        ("share information with children’s social care", AGREE, "share:social_care"),
        ("Legal adviser", TALK, "contact:legal"),
        ("Parent/carer forum", TALK, "contact:parent_carer_forum"),
        ("Other agency (please name):", SHARE, "share:other"),
        ("Other (specify)", TALK, "contact:other"),
        ("ask other services for reports about your child", AGREE, "obtain_information"),
        ("May we ask others for information about the student?", "", "obtain_information"),
        ("get reports from other people", "I am happy for you to", "obtain_information"),
        ("May we tell other services that you are in touch with us?", "", "tell_others"),
        ("You may contact other people on my behalf", "", "contact_others"),
        ("Phone call", "Please contact me with news by", "news:telephone"),
        ("Letter", NEWS, "news:post"),
        ("Text message", NEWS, "news:text"),
        ("By text message to my mobile telephone", NEWS, "news:text"),
        ("May we send you text messages?", "", "news:text"),
        ("Please text me about workshops", "", "news:text"),
        ("6. I would like to receive the newsletter by email.", "", "news:email"),
        ("I want my original documents returned to me.", "", "paper:return"),
        ("Please give this paper back to me when you have finished with it", "", "paper:return"),
        ("I consent to the service contacting my child’s school or college", "", "contact:education"),
        ("I am happy for you talking to health professionals", "", "contact:health"),
        ("I agree to Moorland SENDIASS contacting social care", "", "contact:social_care"),
        ("Social care", "I agree to you contacting:", "contact:social_care"),
        ("I give consent for information to be shared with health services", "", "share:health"),
        ("I agree to my information being shared with the local authority SEN team", "", "share:la_sen"),
        ("I consent to the service storing my details", "", "store"),
        ("I consent to the service emailing me newsletters", "", "news:email"),
        ("I agree to you texting me about workshops", "", "news:text"),
    ],
)
def test_plain_words_are_guessed(label: str, lead: str, item: str) -> None:
    assert mark_guess(label, lead).item == item
    assert item in WORDS or item.startswith("paper:") or item == "contact:other"  # which a draft numbers


@pytest.mark.parametrize(
    ("label", "lead"),
    [
        # Words that say no.
        ("I do not want any news by email", NEWS),
        ("I don’t agree that you share information with the school", ""),
        ("School", "We will not share information with:"),
        ("Health", "Unless you say so, do not contact:"),
        ("No contact with social care", ""),
        ("Share nothing with the school", ""),
        ("Please remove my details from your database", ""),
        ("I would rather you did not talk to my doctor", ""),
        ("I disagree that you share my information with the school", "Do you agree or disagree?"),
        ("I am against sharing my information with the school", "Do you agree?"),
        ("I revoke my permission to contact health", ""),
        ("I cancel my consent to share information with the school", ""),
        # Promises and questions about what is kept.
        ("Please keep my information private", ""),
        ("Keep my details confidential", ""),
        ("Do you hold information about us?", ""),
        # Two bodies, or two things at once.
        ("talk to the school and the doctor", AGREE),
        ("School nurse", TALK),
        ("share information about my child’s health with the school", AGREE),
        ("store my information and share it with the school", AGREE),
        ("contact and share information with the school", AGREE),
        ("talk to the school about our case", AGREE),
        ("Email or text message", NEWS),
        # Part of a body only, or another one.
        ("Speech therapist", SHARE),
        ("The council’s housing team", SHARE),
        ("Another charity", SHARE),
        ("Other parents", SHARE),
        ("share information with the school only in an emergency", AGREE),
        ("get reports from the school", AGREE),
        # Consents that do not exist.
        ("Legal adviser", SHARE),
        ("Parent/carer forum", SHARE),
        # Facts, help, and what a person has been told.
        ("Health services", "Which of these have you seen?"),
        ("Is your child known to social care?", ""),
        ("Has the school contacted the local authority?", ""),
        ("talk to the school", "I need help to:"),
        ("talk to the school", ""),
        ("I understand that you share information with the local authority", ""),
        ("I have been given the privacy notice.", ""),
        # The other way round, or about something else.
        ("School", "These may share information with us:"),
        ("May the school contact you?", ""),
        ("Would you like us to contact you about school transport?", ""),
        ("Please keep me up to date with information about events", ""),
        ("I would like to get information about events", ""),
        ("Please send me the form by post", ""),
        ("May we put your story in our email newsletter?", ""),
        ("May we leave a message on your telephone?", ""),
        ("Email", "We may contact you about appointments by:"),
        ("Email", "How should we contact you?"),
        ("By post", "What is the best way to contact you?"),
        ("Telephone", "Preferred method of communication:"),
        ("Please return my call", ""),
        ("Return this form to us", ""),
        ("School book bag", NEWS),
        ("Parent", "2 You"),
        # What somebody else than the service is to do.
        ("I agree to the nurse contacting social care", ""),
        ("I agree to the counselling service contacting social care", ""),
        ("Social care", "I consent to the school contacting:"),
        ("I consent to the school storing my details", ""),
        ("I agree to the nurse sharing information with social care", ""),
        ("I consent to my child talking to social care", ""),
        ("I consent to the charity emailing me newsletters", ""),
        ("I agree to the service contacting me about my child’s health", ""),
        ("I agree to information being shared between the service and health", ""),
        ("I consent to the service keeping my details and sharing them with others", ""),
    ],
)
def test_nothing_is_guessed_where_words_are_not_plain(label: str, lead: str) -> None:
    assert mark_guess(label, lead).item is None
