"""The knowledge base: articles, search, answers."""
