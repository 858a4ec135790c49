"""Who stands how to a file, as kept: its officer over time, restrictions, break-glass, what the child gave, and who looked.

The rule itself is `records/staff/access.py`; `standing.py` loads what it asks for.
"""
