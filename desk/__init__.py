"""Where staff sit: web pages for agents and the programme office."""
