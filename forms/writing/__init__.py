"""What people write on a form by hand: dates, names, signatures. Pixels of a field in, suggestions out; nothing is stored."""
