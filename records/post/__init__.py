"""Items in the post, their pages and their readings."""
