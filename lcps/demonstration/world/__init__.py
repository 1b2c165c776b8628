"""The world of the demonstration, worked out from a seed. Pure: no Django."""
