"""An incident with 50,000 people: opened, joined later, and shown."""
