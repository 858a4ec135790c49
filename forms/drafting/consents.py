"""From printed words to the consent that a mark probably answers. Pure; a person checks every guess.

A wrong guess could let something be done that nobody agreed to, so a consent is guessed only from plain words: nothing
where words say no, where they name two bodies or ask for two things, or where they ask for a fact or for help. The
items are those of the bundled templates, so that every form feeds the same consents.
"""

import re
from dataclasses import dataclass

_NO = re.compile(
    r"\b(no|not|never|cannot|without|unless|except|stop|opt(ing)? out|object\w*|withdr\w+|refus\w+|declin\w+|none|nobody|no one|nothing"
    r"|rather|disagree|against|cancel|revoke|forbid|prohibit|prevent|oppose|take back|end my|avoid|unsubscribe|hide|withh\w+"
    r"|apart from|other than|exclud\w+|away from|(hold|held|holding) back|un-?tick\w*|remove (me|my|our)"
    r"|further consent|instead|fewer|stopp(ed|ing)"
    r"|(leave|leaving|left) (out|off|blank)|(off|out of) (your|the) (files?|records?|database|system|list)"
    r"|keep (this|it|them|my|our|the)( [\w']+){0,3} from|(everyone|everybody|anyone|anybody|all) but)\b|n't\b"
)
_TOLD = re.compile(r"^(i|we) (have|had|know|understand|am aware|are aware|acknowledge|confirm)\b")
_FACT = re.compile(
    r"^(has|have|had|was|were|did|does|is (?!it (ok|okay|all right|alright) for us to\b))\b|^are (?!you (happy|willing))|^do you (have|know|receive|get|attend|use)\b"
    r"|\bdid (you|we|they|it)\b|\bhave you\b|\b(gave|was|were|ends|ended|previously|last year|already)\b"
)
_HELP = re.compile(
    r"\bhelp (me|us|you|to|with)\b|\bneed (help|advice|support)\b|\badvice (on|about)\b|\bproblems? with\b"
)
_ONLY = re.compile(
    r"\b(only|if|first|emergenc\w*|urgent|once|until|before\w*|after|each time|ask me|ring me|call me|reservations?|presen(t|ce))\b"
)
_MAY = re.compile(
    r"\bmay\b|\bcan we\b|\bwe can\b|\bis it (ok|okay|all right|alright) for us to\b|\bagreement (to|for)\b"
    r"|\bagree\b|\bconsent\b|\bpermission\b|\bpermit\b|\ballow\b|\b(happy|content) for\b|\bauthori[sz]e\b"
    r"|\bwilling\b|(^|[.:?!] )please (share|contact|talk|speak|tell)\b"
)
_TELLS_TO = re.compile(
    r"(^|[.:?!] )(share|contact|talk|speak)\b"
)  # only as a heading: a label alone may be a wish for help
_WHO_ELSE = re.compile(r"(^|[.:?!] )(who|whom|whose|which|what|where)\b[^.?!]*\?")
_WITH_US = re.compile(
    r"\b(contact|call|ring|talk to|speak to|speak with|write to|(contact|call|ring|(talk|speak|writ)ing (to|with))(ing)?) (you|me|us)\b"
    r"|\bshar\w+\b.*\bwith (you|me|us)\b|\bcontact (from|with)\b|\bin touch with (you|me|us)\b|\b(received|shared|sharing) (by|from)\b"
)
_SHARE = re.compile(
    r"\b(share|sharing|(be|being) (shared|passed on)|disclose|pass on|pass (my|our|your|information)"
    r"|giv(e|ing) them ((my|our|your|any|this) )?(information|details)|giv(e|ing) ((my|our|your|any|this) )?(information|details) to)\b"
)
_ONE_THING = re.compile(
    r"\b(photo\w*|pictures?|images?|videos?|recordings?|anonym\w+|statistics|research|publicity|story|stories)\b"
    r"|\b(share|sharing) ((?!with\b)[\w'-]+ ){0,3}(ehcp?|plan|reports?|assessments?|letters?|diagnosis|feedback)\b"
    r"|\bto an? [\w ]*\bassessment\b"
)
"""Less than what is known of a family, or something else: a consent to share would go beyond it."""
_BETWEEN = re.compile(r"\bbetween\b|\beach other\b|\bone another\b")  # goes both ways, which no consent does
_DOING = re.compile(
    r"\b(?:to|for|with) (.*?) ?\b(?:contacting|talking|speaking|liaising|sharing|passing|disclosing|keeping|holding|storing|saving"
    r"|retaining|sending|e-?mailing|texting|phoning|telephoning|ringing|calling|writing)\b"
)
_OUR_OWN = re.compile(
    r"|you|us|your|your (staff|service|team)|(the|this|our) ((advice|support|information) )?(service|team)|(the )?([\w&-]+ ){0,3}(send)?iass"
    r"|((my|our|your|the|any) )?([\w']+ )?(information|details|data|records?)|(me|us) (by|with) .*"
)
"""Who may do it, for it to be us: nothing is guessed of what a school or a nurse is to do."""
_ACTS = r"(?:contact|talk|speak|liaise|share|pass|disclose|keep|hold|store|save|retain|tell|ask|get|obtain|request|seek|collect|send|give)"
_MAY_DO = re.compile(rf"([^.:?!;]*?)\b(?:may|can|could|might|will)\b(?:([^.:?!;]*?)\b{_ACTS}\b)?")
_FOR_TO = re.compile(rf"\b(?:for|allow|permit|let|authori[sz]e) (?!my |our |your )?([^.:?!;]*?) to {_ACTS}\b")
_ENDS_OURS = re.compile(r"(^|\b)(we|you|us|(the|this|our|your) (service|team|staff)|(send)?iass( [\w]+)?)$")
_ENDS_FAMILY = re.compile(r"(^|\b)(i|they|he|she|who)$")
_ANOTHER = re.compile(
    r"\b(schools?|college|nurser(y|ies)|settings?|teachers?|senco|nhs|health|gps?|doctors?|nurses?|camhs|council|authority|social"
    r"|solicitors?|lawyers?|child|son|daughter|partners?|husband|wife|parents?|professionals?|agenc(y|ies)|organisations?|others"
    r"|forum|police|(any|some)(one|body)|everyone|grandparents?|sister|brother|advocate|friend)\b"
)
_CASE = re.compile(r"\babout (my|our|your|the) (case|child|family|situation|circumstances|needs)\b")
_CONTACT = re.compile(r"\b(contact(ing)?|talk(ing)?|speak(ing)?|liais(e|ing)|get(ting)? in touch with)\b")

_PAPER_WORD = r"(this|these|the|my|our|your) ([\w']+ ){0,2}(form|paper|document|original|copy|copies|letter|report)s?"
_PAPER: tuple[tuple[str, str, str], ...] = (
    (r"\bkeep (this|the|my) (document|form|paper)s?\b", "keep_on_file", "paper:keep"),
    (
        rf"\breturn ((it|them)\b|{_PAPER_WORD})|\b(send|give|post) (it|them|{_PAPER_WORD}) back\b"
        rf"|{_PAPER_WORD} (to be )?(returned|sent back|given back)\b",
        "return_to_me", "paper:return",
    ),
    (r"\b(destroy|shred) (it|them|this|the|my)\b", "destroy_paper", "paper:destroy"),
)  # fmt: skip
_PAPER_HEAD = re.compile(r"\b(original )?(forms?|papers?|documents?|originals?)( (to|should) be)?$")
_PAPER_ALONE: tuple[tuple[str, str, str], ...] = (
    (r"(please )?(return|send back|give back)( (it|them))?( to me)?", "return_to_me", "paper:return"),
    (r"(please )?(destroy|shred)( (it|them))?( (safely|securely))?", "destroy_paper", "paper:destroy"),
)
"""What a family says of its paper under a head that only names it ("Original papers:")."""
_KEPT_AND_MORE = re.compile(
    r"\bkeep\b.*\b(return|send|give|destroy|shred)|\b(return|send|give|destroy|shred)\b.*\bkeep\b"
)
_TO_OFFICE = re.compile(r"\b(to|with) (school|us|the (school|office|service|address|team)|our)\b")
_STORE = (
    r"\bdatabase\b|\bsave (it|my)\b|\b(keep(ing)?|hold(ing)?|stor(e|ing)|sav(e|ing)|retain(ing)?) (?!(me|us)\b)([\w']+ ){0,4}?"
    r"(information|details|data|records?)\b|\b(keep(ing)?|hold(ing)?) a file (about|on)\b"
    r"|\b(my|our|your|the|this) ([\w']+ ){0,2}?(information|details|data|records?) (to be|being) (stored|kept|held|saved|retained)\b"
    r"|^(my |our )?(information|details|data|records?) may be (stored|kept|held|saved|retained)\b"
    r"|^(i |we )?([\w ]+ )?to the (storage|retention) of (my|our|your|the|this) ([\w']+ ){0,2}?(information|details|data|records?)\b"
)
_KEPT_BY_ANOTHER = re.compile(
    r"\b(by|on|in|at|with) (the |a |my |your |our )?([\w']+ )?(nhs|school|college|nursery|council|local authority|hospital|gp|partners?)\b"
)
_KEPT_BY_SOMEBODY = re.compile(
    r"\b(stored|kept|held|saved|retained) by (?!you\b|us\b|(the|this|your|our) ([\w]+ )?(service|team)\b)"
)
_AND_MORE = re.compile(r"(\b(and|or)|,) (we |you |may |to )*(shar|contact|talk|speak|liais|pass)(e|ing)?\b")
_ENDED = re.compile(r"\b(remov|delet|eras|destroy)\w*\b")
_PROMISED = re.compile(
    r"\b(private|confidential|secret|to yourselves|up to date)\b|^do you (hold|keep|store)\b|\bfor the newsletter\b|\bmailing list\b"
    r"|\b(records?|notes?) of (our|the|this|my|each|every) (call|talk|chat|meeting|visit|conversation|appointment|session)s?\b"
)
_OTHERS = r"(others|(all |any )?other (people|services|agencies|professionals|organisations|bodies))\b"
_GENERAL: tuple[tuple[str, str, str], ...] = (
    (_STORE, "store_on_database", "store"),
    (
        rf"\b(tell|let) other people\b|\b(tell|let) {_OTHERS}.*\b(approached|in touch|contacted|come to|getting help)\b",
        "tell_others", "tell_others",
    ),
    (rf"\bcontact other people\b|\bcontact {_OTHERS} (for|on behalf of) (me|us|you)\b", "contact_on_behalf", "contact_others"),
    (
        rf"\b(get|obtain|request|seek|collect) [\w' ]*(information|reports?|records)\b[\w' ]* from {_OTHERS}"
        rf"|\bask {_OTHERS} (for|to give) [\w' ]*(information|reports?|records)\b",
        "access_information", "obtain_information",
    ),
)  # fmt: skip

_PLAN = re.compile(r"education,? health,? and (social )?care (plan|needs)")
_NOT_THIS_ONE = re.compile(
    r"^(any )?(other|another)\b|\b(previous|former|old|next|new|used to)\b|\b(family support|early help)\b"
)
_WIDE = ("la_sen", "education")
_NEVER_SHARED = ("legal", "parent_carer_forum")  # no consent to share with these exists, only one to contact them
_PART = re.compile(  # of a council or school, which consent to the whole would go beyond
    r"\b(housing|transport|bus|taxi|trips?|admissions?|attendance|welfare|early help|children's services|adults?|tax"
    r"|exclusions?|youth|nurses?|nursing|psycholog\w+|counsell\w+|therap\w+|clubs?)\b"
)
_VISITORS = re.compile(r"\bhealth visitors?\b")  # of the council in places: beside a doctor they are another body
_WHOM: tuple[tuple[str, str, str, str], ...] = (
    (
        r"\b(sen|send|ehcp?) (team|department|officers?|section|service|office|caseworkers?)\b|\blocal authority\b|\bla\b"
        r"|\bcouncil\b",
        "la_sen", "contact_la_sen", "share_with_sen_team",
    ),
    (
        r"(?<!virtual )\b(school|college|nurser(y|ies)|pre-?school|setting|teacher|senco)s?\b"
        r"|\beducation\b(?! (services?|departments?|teams?|authority)\b)",
        "education", "contact_education_setting", "share_with_school",
    ),
    (r"\bhealth\b(?! visitors?\b)|\bgps?\b|\bnhs\b|\bdoctors?\b|\bpa?ediatrician\b|\bcamhs\b", "health", "contact_health", "share_with_health"),
    (r"\blegal\b|\bsolicitors?\b|\blawyers?\b", "legal", "contact_legal", "share_with_legal"),
    (r"\bsocial (care|work|workers?|services)\b", "social_care", "contact_social_care", "share_with_social_care"),
    (
        r"\bparents?'?[ /]carers?'? forum\b", "parent_carer_forum", "contact_parent_carer_forum",
        "share_with_parent_carer_forum",
    ),
    (
        r"^(any )?others?$|^(any )?other (agency|agencies|service|services|organisation|organisations|professional"
        r"|professionals|person)\b|^(any )?others?( ?\(|, please (specify|state|name)\b)",
        "other", "contact_other", "share_with_other",
    ),
)  # fmt: skip

_NEWS = re.compile(
    r"(?<!of )\bcommunications?\b(?! (needs?|methods?|preferences?)\b)|\bsend (me|you|us) (text|e-?mail|sms|letters)"
    r"|\bhear from\b(?! (you|me)\b)"
    r"|\bnews(letters?)?\b"
    r"|\bevents\b|\bworkshops\b|\bkeep(ing)? (me |you |us )?(in touch|up to date|informed)\b"
)
_ABOUT_CASE = re.compile(
    r"\bappointments?\b|\bcase\b|\burgent\b|\bemergenc|\bsafe\b|\bmessage on\b|\bleave a message\b"
)
_SENT = re.compile(
    r"\b(receive|communication|hear from|subscribe|keep (me|you|us)"
    r"|(send|contact|text|e-?mail|ring|phone|telephone|write to|(send|contact|text|e-?mail|ring|phon|telephon)ing|writing to) (me|you|us)"
    r"|tell (me|us|you) about|post [\w' ]{1,30} to (me|us|you)|post (me|us|you)"
    r"|(be|being) (phoned|telephoned|rung|texted|e-?mailed|sent)"
    r"|(like|want|get) (to (get|have) )?(our |the |your |any )?(news\w*|text messages|texts|e-?mails|letters))\b"
)
_WAY_FIRST = re.compile(r"^(by |via )?(my |your )?(mobile )?(e-?mails?|texts?|sms|post|letters?|(tele)?phone)\b")
_WAYS: tuple[tuple[str, str], ...] = (
    (r"\be-?mail(s|ing|ed)?\b", "email"),
    (r"\btext messages?\b|\bsms\b|\bby (mobile )?texts?\b|\btexts\b|\btext(ing)? (me|us|you)\b|^text$", "text"),
    (
        r"\b(by|over the|on the) (mobile )?(tele)?phone\b|^(tele)?phone\b|\b(phone|telephone|ring|phoning|telephoning|ringing) (me|us|you)\b"
        r"|\b(be|being) ((tele)?phoned|rung)\b",
        "telephone",
    ),
    (
        r"\b(by|in the) post\b|\bby letter\b|^(post|letters?)$|\b(post ([\w' ]{1,30} to )?(me|us|you)|send (me|us|you) letters)\b|\b(write|writing) to (me|us|you)\b",
        "post",
    ),
)


@dataclass(frozen=True)
class Guess:
    """A likely id and consent item for some words; None where nothing is known of them."""

    id: str | None = None
    item: str | None = None


def mark_guess(label: str, lead: str) -> Guess:
    """What a tick box or a Yes/No question may answer, from its own words and those that lead in."""
    own, above = _plain(label), _plain(lead)
    last = re.split(r"(?<=[.?!])\s+", above)[-1]
    if _refused(own) or _TOLD.search(own) or any(map(_done_by_another, (own, last))):
        return Guess()
    whole = lead.rstrip().endswith(".")  # a whole sentence says nothing of words that stand for themselves
    if not _refused(last) or whole:
        guess = _paper(own, last) or _general(own)
        if guess is not None:
            return guess
    if _WHO_ELSE.search(above.removesuffix(last)):
        return Guess()  # the marks answer that question, whatever is said behind it
    return Guess() if _refused(last) else _news(own, above) or _whom(own, above, last) or Guess()


def _done_by_another(text: str) -> bool:
    """Whether words agree to what somebody else than the service does: "I agree to the school contacting my doctor", "My school may contact you"."""
    doers = [doer for pair in _MAY_DO.findall(text) for doer in pair] + _FOR_TO.findall(text)
    return any(not _OUR_OWN.fullmatch(one.strip()) for one in _DOING.findall(text)) or any(map(_is_another, doers))


def _is_another(doer: str) -> bool:
    """Whether the words before what is done name somebody else than the service."""
    who = doer.strip(" ,")
    return bool(_ENDS_FAMILY.search(who) or _ANOTHER.search(who)) and not _ENDS_OURS.search(who)


def says_no(text: str) -> bool:
    """Whether words say no in any way."""
    return _NO.search(text.lower().replace("’", "'")) is not None


def _refused(text: str) -> bool:
    """Whether words say no, ask for a fact or ask for help."""
    return any(pattern.search(text) for pattern in (_NO, _FACT, _HELP))


def _plain(text: str) -> str:
    """Small letters, straight apostrophes, no number and no Yes before the first word and no stop or colon behind the last."""
    return re.sub(r"^(\(?(\d{1,2}|[a-z])[.)]\s+)?(yes,? )?", "", text.lower().replace("’", "'")).strip(" .:")


def _paper(own: str, last: str) -> Guess | None:
    found = [(name, item) for pattern, name, item in _PAPER if re.search(pattern, own)]
    if not found and _PAPER_HEAD.search(last):
        found = [(name, item) for pattern, name, item in _PAPER_ALONE if re.fullmatch(pattern, own)]
    unsure = _TO_OFFICE.search(own) or _KEPT_AND_MORE.search(own) or re.search(r"\buntil\b", own)
    return Guess(*found[0]) if len(found) == 1 and not unsure else None


def _general(own: str) -> Guess | None:
    found = [(name, item) for pattern, name, item in _GENERAL if re.search(pattern, own)]
    unsure = _ONLY.search(own) or (
        found
        and found[0][1] == "store"
        and any(
            one.search(own) for one in (_AND_MORE, _ENDED, _PROMISED, _KEPT_BY_ANOTHER, _KEPT_BY_SOMEBODY, _ONE_THING)
        )
    )
    return Guess(*found[0]) if len(found) == 1 and not unsure else None


def _news(own: str, above: str) -> Guess | None:
    """A way to send news, if the label is the way or says that something is sent."""
    if not _NEWS.search(f"{above} {own}") or _ABOUT_CASE.search(own) or _ABOUT_CASE.search(above):
        return None
    if not _WAY_FIRST.search(own) and not _SENT.search(own):
        return None
    ways = [way for pattern, way in _WAYS if re.search(pattern, own)]
    return Guess(f"contact_by_{ways[0]}", f"news:{ways[0]}") if len(ways) == 1 else None


def _whom(own: str, above: str, last: str) -> Guess | None:
    """A body that may be contacted, or told something."""
    if any(one.search(own) for one in (_ONLY, _WITH_US, _BETWEEN)) or _WITH_US.search(last) or re.search(_STORE, own):
        return None
    if not _MAY.search(own) and not _MAY.search(above) and not _TELLS_TO.search(above):
        return None
    verb = next((verb for verb in map(_verb, (own, last, above)) if verb is not None), None)
    words = _PLAN.sub("ehcp", own)
    found = [(whom, *ids) for pattern, whom, *ids in _WHOM if re.search(pattern, words)]
    if verb not in ("share", "contact") or len(found) != 1 or (found[0][0] in _WIDE and _PART.search(own)):
        return None
    if found[0][0] == "health" and _VISITORS.search(own):
        return None
    if (found[0][0] != "other" and _NOT_THIS_ONE.search(own)) or (
        verb == "share" and _ONE_THING.search(f"{last} {own}")
    ):
        return None
    if verb == "contact" and _CASE.search(own):  # to talk about a family is to share what is known of it
        return None
    whom, contact_id, share_id = found[0]
    if verb == "share":
        return Guess(share_id, None if whom in _NEVER_SHARED else f"share:{whom}")
    return Guess(contact_id, f"contact:{whom}")


def _verb(text: str) -> str | None:
    """Whether words speak of sharing or of contact; "both" where they speak of both."""
    share, contact = _SHARE.search(text), _CONTACT.search(text)
    if share and contact:
        return "both"
    return "share" if share else "contact" if contact else None
