"""Settings that only say how the service works: nothing in Paperchain depends on them, and the policy page says so. Pure.

A test reads the code: a setting must be read somewhere, be fixed, or stand here.
"""

RECORDED_ONLY = frozenset({
    "S6", "S12", "S16",
    "theme_minimum_families",
})  # fmt: skip
"""S6: a yes to storing is asked for as one, whatever is stored. S12: papers go back as `returns` does it. S16: people do it.

`theme_minimum_families`: Paperchain publishes no themes.
"""

WORDS = "Recorded only: nothing in Paperchain depends on it."
