"""The `paperchain` command line: one file a command."""
