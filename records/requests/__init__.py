"""Clocks of the family's rights."""
