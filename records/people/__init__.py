"""Children, carers, their files; ages and matching."""
