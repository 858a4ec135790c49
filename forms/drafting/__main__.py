"""`python -m forms.drafting FOLDER`: looks at a folder's templates, and prints every file by which nothing is read as JSON."""

import json
import sys
from pathlib import Path

from forms.drafting.looking import looked_at
from forms.verdicts import unused

if __name__ == "__main__":
    place = Path(sys.argv[1])
    sys.stdout.write(json.dumps([[one.file, one.why] for one in unused(place, looked_at(place))]))
