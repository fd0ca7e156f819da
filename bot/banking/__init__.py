"""Banking business behind ports that a bank fills with adapters to its own systems."""
