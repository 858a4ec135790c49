"""Words that the warning of `personal.py` lets through, and first names that it knows however they are written. Pure.

First names that are also words (May, Grace, Will, Mark, Rose, Hope) are not listed: they are noticed only where they are
written as a name.
"""

_FIELD = """
academy adhd admission admissions adoption adult adults advice advocacy advocate alternative annual appeal appeals apprenticeship
assessment assessments asd attendance authority autism autistic behaviour benefit benefits bursary bullying camhs carer carers care case
challenge change changes child childcare children choice city college communication complaint complaints consent consultation council
county court dentist department deputy disability disabled disagreement discrimination dispute draft dyslexia dyscalculia dyspraxia
early education educational ehc ehcp elective emergency england english enquiry equality equipment evidence exam exams exclusion
exclusions family finance form forms foster fostering framework free full funding further general governor governors graduated
grant group guidance head headteacher health hearing help high holiday home hospital housing impairment inclusion independent
infant information inspection interim issue issues junior key kinship language law learning legal letter letters line local
mainstream maintenance manager maths mediation medical medication meals meeting meetings mental mobility moderate moving naming
national need needs new nhs nursery nurse occupational offer officer officers ofsted ombudsman online outreach
panel parent parental parents part parttime payment payments personal phase pip physical physiotherapy place placement placements plan plans
policy portage pre primary preparing principal process profound provision psychologist psychology pupil pupils question questions
reading reasonable reception record records referral refusal regarding report reports request requests residential respite
review reviews right rights route school schools secondary section select senco send sen senior sensory service services severe
sibling sixth social speech special specialist statement statutory stage step student students subject supplement support
supported suspension suspensions tax teacher teaching team term therapist therapy timetable toilet training transfer transition
transport travel travelling tribunal trust tuition tutor unit universal university upper visual vocational wales welfare wheelchair
work worker workshop writing year years young youth dla uc la iass sendiass sendias
"""
_EVERY_DAY = """
a about above after again all also always am an and another any anyone are around as ask asked asking at away back be because been
before being both but by call called caller calls came can cannot choose chose come comes could current days did do does
during each either email emails explained explain family's few first find for from gave get gets getting give given go goes going good got had
has have he her here hers him his how however i if in into is it its just know last later left less let like made make many may me might more
most mother father mum dad much must my need needed needs new next no none not nothing now of off old on once one only or other our out
over own passed please possible put rang really received said same say says see seek seeking sent she should since so some someone son
daughter soon still stop such sure take than thank thanks that the their them then there these they thing things this those
three through till to today told tomorrow too two under until up upset us use used very via visit waiting want wanted wants was
way we week weeks well went were what when where whether which while who whole why will wish with within without worried would
yes yesterday yet you your
january february march april june july august september october november december monday tuesday wednesday thursday friday
saturday sunday spring summer autumn winter christmas easter half
"""
_PLACES = """
london westminster kensington chelsea borough boroughs northampton northamptonshire kettering corby wellingborough daventry
brackley rushden britain british united kingdom scotland ireland european act code practice equality government parliament
whatsapp facebook zoom teams ipsea contact mencap scope barnardo
polish arabic bengali somali urdu welsh english french portuguese spanish romanian ukrainian turkish
"""

KNOWN = frozenset((_FIELD + _EVERY_DAY + _PLACES).split())

_NAMES = """
aaliyah aaron abdul abdullah abigail adam ahmed aisha alan albert alexander alfie alice alisha amelia amina amir amy andrew
angela anna annabelle anthony archie arthur ayesha barbara ben benjamin beth bethany callum cameron caroline catherine
charles charlie charlotte chloe christopher claire connor craig daisy daniel darren david deborah dominic dylan edward eleanor elijah
elizabeth ella ellie emily emma erin ethan eva evelyn evie fatima finley fiona florence francesca freddie frederick gareth gary gemma
george georgia graham hannah harriet harrison harry hassan heather helen henry hussain ibrahim imogen isaac isabella isla jacob
jade jake james jamie jane janet jasmine jason jayden jennifer jessica joanne joel john jonathan joseph joshua julia julie karen
katherine katie kayleigh keith kelly kevin khadija kieran kyle laura lauren leah leon lewis liam lilly linda lisa logan louise
lucas luca lucy luke lydia maisie margaret maria maryam martin mary mason matilda matthew maya megan melissa michael michelle mia
mohamed mohammad mohammed molly muhammad muhammed musa natalie nathan natasha niamh nicola noah oliver olivia omar oscar owen patricia
paul peter philip phoebe rachel rebecca reuben rhys richard robert rosie ruby ryan sabrina samantha samuel sara sarah scarlett sean
sebastian shannon sharon simon sophia sophie stephanie stephen steven stuart susan theo theodore thomas timothy toby tracey tyler
vanessa victoria wayne william yasmin yusuf zachary zahra zainab zara zoe
"""

FIRST_NAMES = frozenset(_NAMES.split())
