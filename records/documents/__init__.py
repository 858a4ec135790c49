"""Sealed documents: keys, envelopes, the encrypted store."""
