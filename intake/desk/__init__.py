"""Pages of the web desk about post coming in."""
