"""Widgets that know nothing of webhooks."""
