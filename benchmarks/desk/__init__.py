"""The desk of a whole country: 1,000,000 cases with 5,000,000 messages, and how long its pages take."""
