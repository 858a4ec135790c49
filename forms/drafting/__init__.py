"""A template proposed from a blank's own lines, boxes and words. A person checks and mends it; nothing is read with a draft.

Needs the PDF as the form was made: a scan of a blank has no lines or words to go by.
"""
