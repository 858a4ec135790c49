"""Yearly reports that identify no one: fixed tables, true counts kept for the manager, and what of them may be shown (N18, W5, W6, W44, R73–R80)."""
