"""A third maker of filled scans, which shares no code that draws or scans with the other two.

Here marks are traced through control points that were designed one by one and bent to each writer's habits, pens wet, skip or catch on the
paper's tooth, and sheets are copied, fed, lit and turned into black and white in ways of their own. What a careful person makes of it
(`tests.second_maker.truth`) and how much of a mark shows (`tests.second_maker.seen`) is decided as for the second maker.
"""
