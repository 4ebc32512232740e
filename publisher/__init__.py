"""The publisher core: an approved item enters once and goes out through every channel."""
