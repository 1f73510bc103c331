"""The mask every heard text goes through; how it finds what is personal stands in `records/masking/`."""

from records.masking import Masked, holds_secret, mask

__all__ = ["Masked", "holds_secret", "mask"]
