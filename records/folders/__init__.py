"""The watched folders: when each was last looked at, and since when something is wrong with it."""
