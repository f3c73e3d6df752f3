"""A company to look around in: everything in it was made by the same actions that people use."""
