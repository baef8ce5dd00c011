"""The pages of this room, one journey a module."""
