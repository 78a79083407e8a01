"""Deliveries of any preset, made here: signed, with the provider's headers, from a sample or a payload of one's own."""
