"""The command line: one module per command, with the same core and store as the window."""
