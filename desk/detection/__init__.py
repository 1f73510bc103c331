"""The desk's watch over complaints, checks and sends: what it hears, what it keeps of it, who is told, who decides."""
