"""How fast Countersign is, beside what one would use instead. ``python -m bench`` measures all; see README.md."""
