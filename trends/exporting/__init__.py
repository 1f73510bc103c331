"""What is on the screen, to take away: one row a conversation or one a message, as CSV or XLSX, in constant memory."""
