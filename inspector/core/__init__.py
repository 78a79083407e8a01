"""The pure core: values and decisions, without Qt, sockets, files, clock or randomness."""
