"""What we look at: reviewed words (YAML), and beside them a rule where a machine can judge."""
