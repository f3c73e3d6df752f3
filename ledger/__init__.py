"""The tamper-evident record: entries in one Merkle tree, signed checkpoints, and a verifier for anyone."""
