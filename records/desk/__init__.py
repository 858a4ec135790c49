"""Pages of the web desk that show records."""
