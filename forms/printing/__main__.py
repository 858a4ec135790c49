"""`python -m forms.printing [FOLDER]`: prints the kept forms again, with their templates and pictures. See script/print-forms."""

import sys
from pathlib import Path

from forms.catalogue import BLANKS
from forms.printing.kept import write_kept

if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else BLANKS
    for path in write_kept(folder):
        sys.stdout.write(f"{path}\n")
