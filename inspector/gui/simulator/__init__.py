"""The page that simulates deliveries of providers."""
