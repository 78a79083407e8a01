"""Was this request signed with one of these secrets, and if not, why not."""
