"""Pixels and templates in, readings out: everything about recognising and reading a form. No database, no settings, no state."""
