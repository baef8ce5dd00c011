"""What is measured, and beside which floor. `make bench` runs all of it; ratios come from one run on one machine."""
