"""Everything kept, and the rules about it: post, documents, people, consents, originals, retention, staff, audit."""
