"""Short names and the long names that they stand for. Pure."""

_LONG_FORMS = {
    "alexander": "alex alec lex sandy sasha", "alexandra": "alex alexa lexi sandra sasha", "abigail": "abi abby gail", "amelia": "millie amy",
    "andrew": "andy drew", "anthony": "tony ant", "benjamin": "ben benji", "catherine": "kate katie cathy cath kathryn kitty",
    "charles": "charlie chas", "charlotte": "charlie lottie", "christopher": "chris kit", "christina": "chris tina", "daniel": "dan danny",
    "david": "dave davey", "edward": "ed eddie ted teddy ned", "eleanor": "ellie nell nora", "elizabeth": "liz lizzie beth betty eliza libby lily",
    "emily": "em millie", "francesca": "fran frankie", "frederick": "fred freddie", "gabriel": "gabe", "george": "georgie", "georgina": "georgie gina",
    "harold": "harry", "henry": "harry", "isabella": "bella izzy isabel", "jacob": "jake", "james": "jim jimmy jamie", "jennifer": "jen jenny",
    "jessica": "jess jessie", "john": "jack johnny jon", "jonathan": "jon jonny", "joseph": "joe joey", "joshua": "josh",
    "katherine": "kate katie kathy kath kathryn kitty",
    "leonard": "leo len lenny", "louis": "lou louie", "louise": "lou", "margaret": "maggie meg peggy", "matthew": "matt matty",
    "maximilian": "max", "michael": "mike mick mikey", "mohammed": "mohammad muhammad muhammed mohamed mo", "natalie": "nat", "nathaniel": "nat nate nathan",
    "nicholas": "nick nicky", "nicola": "nicky", "oliver": "ollie olly", "olivia": "liv livvy", "patricia": "pat patsy trish", "patrick": "pat paddy",
    "peter": "pete", "philip": "phil pip", "rebecca": "becky becca", "richard": "rich rick dick ricky", "robert": "rob bob bobby robbie bert",
    "rosemary": "rose rosie", "samantha": "sam sammy", "samuel": "sam sammy", "sarah": "sara sally", "sebastian": "seb", "stephen": "steve steven stevie",
    "susan": "sue susie", "theodore": "theo ted teddy", "theresa": "tess terry", "thomas": "tom tommy", "timothy": "tim timmy", "victoria": "vicky tori",
    "william": "will bill billy liam willy", "zachary": "zac zak zach", "nathan": "nat nate",
}  # fmt: skip
_FORMS: dict[str, frozenset[str]] = {}
for _long, _short in _LONG_FORMS.items():
    for _name in (_long, *_short.split()):
        _FORMS[_name] = _FORMS.get(_name, frozenset()) | {_long}


def long_forms(word: str) -> frozenset[str]:
    """The names that this may be short for, itself among them where it is one: tom → thomas; alex → alexander, alexandra."""
    return _FORMS.get(word, frozenset())
