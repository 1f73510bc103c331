"""What the PMO asks of the records: one read-only function a question, each figure with the rows that make it."""
