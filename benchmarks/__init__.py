"""Made-up data of any size, and measurements beside a bare Django view and raw SQL."""
