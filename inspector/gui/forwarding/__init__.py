"""The page of what goes on to a target as it comes: rules, and the queue of what waits."""
