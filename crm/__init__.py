"""The floor that partners and missions stand on, and the roof above them."""

__version__ = "0.1.0"
