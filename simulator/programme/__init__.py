"""The programme as an outsider sees it: its rehearsal tables and its partner API."""
