"""Paper originals and where they are."""
