"""Pictures, videos and PDFs that people hand in: known by their first bytes, bounded, stripped, shown small."""
