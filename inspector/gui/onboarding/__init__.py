"""What an empty view teaches."""
