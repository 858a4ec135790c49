"""Opening untrusted documents in locked-down processes."""
