"""Dispatching stages to workers. Jobs carry item numbers only."""
