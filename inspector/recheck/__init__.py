"""Stored deliveries looked at again: with a handler that is being edited, or with all handlers of today."""
