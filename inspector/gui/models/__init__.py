"""Models: our values as Qt lists and tables."""
