"""The page of scenarios: cases made from one good delivery, what is expected of a receiver, and what it answers."""
