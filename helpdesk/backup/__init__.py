"""Backups of the records: made while everything runs, checked, and restored so that nothing old is sent again."""
