"""Webhook Inspector: receives webhooks and explains them."""

__version__ = "0.1.0"
