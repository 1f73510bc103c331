"""Names people type with a slip of the finger."""


def one_letter_off(written: str, name: str) -> bool:
    """Tell whether two words differ by at most one letter added, left out, changed or swapped with its neighbour."""
    if written == name:
        return True
    if abs(len(written) - len(name)) > 1:
        return False
    start = 0
    while start < min(len(written), len(name)) and written[start] == name[start]:
        start += 1
    left, right = written[start:], name[start:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (len(left) > 1 and left[:2] == right[1::-1] and left[2:] == right[2:])
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    return longer[1:] == shorter
