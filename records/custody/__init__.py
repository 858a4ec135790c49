"""Paper originals: where each is, moving it, confidential waste, giving it back, and looking whether all is there."""
