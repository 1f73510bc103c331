"""The PMO's trends at 5,000,000 messages: how long every page, count, export and incident takes."""
