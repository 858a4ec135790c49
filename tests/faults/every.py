"""All flows that are broken on purpose."""

from tests.faults.covering import COVERING
from tests.faults.ending import ENDING
from tests.faults.flows import FLOWS
from tests.faults.paper import PAPER

EVERY_FLOW = (*FLOWS, *PAPER, *COVERING, *ENDING)
