"""What stands behind `make run`: one supervisor that brings up every part and takes every part down again."""
