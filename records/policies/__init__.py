"""A service's policy as dated settings (S1-S23)."""
