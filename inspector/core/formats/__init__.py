"""Text to deliveries and back, without any file access."""
