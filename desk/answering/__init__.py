"""What helps an agent answer: prepared words, suggestions with their sources, drafts, and where a reply came from."""
