"""Deliveries: the list, its search, and the panes that explain one."""
