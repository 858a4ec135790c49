"""A second maker of filled scans, which shares no code that draws or scans with `tests/generator`.

What is fitted or chosen on scans of one maker becomes sure of that maker. Here hands are moved by a motor model, ink flows by a model of
each pen, and sheets go through optics and machines of their own. Only what is asked of a careful person (`truth`) is the same.
"""
