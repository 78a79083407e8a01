"""Why a delivery failed: the likeliest cause, how sure it is, and what mends it."""
