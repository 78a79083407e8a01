"""The chain of handlers: its list, the form, and every change undone and redone."""
