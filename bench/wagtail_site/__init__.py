"""A small Wagtail with one kind of page, to clear posts beside ours: saved, submitted to its workflow, approved."""
