"""What was agreed, as a history of events."""
