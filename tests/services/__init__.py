"""What the suite needs from the machine: found, fetched, started, and gone again at the end."""
