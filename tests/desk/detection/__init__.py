"""What the desk notices by itself."""
