"""Sending deliveries again, in the window: the form, the attempts, and what came back."""
