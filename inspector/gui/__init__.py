"""The window: shows and forwards, decides nothing."""
