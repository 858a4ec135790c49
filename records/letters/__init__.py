"""What families get from us on paper: the one layout of letters, and the letters and receipts written in it."""
