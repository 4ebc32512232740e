"""Figures as people say them. For every room, the channels too."""

_STEP = 1024


def size_of(many: int) -> str:
    """The size of a file: 812 字节, 34 KB, 1.2 MB, 3.0 GB."""
    if many < _STEP:
        return f"{many} 字节"
    amount = many / _STEP
    if round(amount) < _STEP:
        return f"{amount:.0f} KB"
    amount /= _STEP
    # What would be shown as 1024.0 is one of the next unit.
    return f"{amount:.1f} MB" if round(amount, 1) < _STEP else f"{amount / _STEP:.1f} GB"
