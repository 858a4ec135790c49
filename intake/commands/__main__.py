"""`python -m intake.commands`: the same as `paperchain`."""

from intake.commands import main

main()
