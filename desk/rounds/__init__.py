"""What the desk does by itself, with nobody's browser open: keeps promises, gives cases, wakes what was put off.

To add a round write `async def run(office) -> int` (how much it did) in a file of its own and a line in `rounds.py`.
"""
