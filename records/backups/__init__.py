"""Backups that can be restored, and proof that they were made."""
