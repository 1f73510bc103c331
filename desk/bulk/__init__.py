"""One act on many cases: chosen and shown first, then done one by one in the background, each of them once."""
