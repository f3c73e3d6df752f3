"""In which order posts wait: data that the page of the queue shows and the query reads. Pure."""

# Minutes by which a post counts as due earlier than it is, by lane.
HEAD_START = {"red": 60, "amber": 0, "green": 0}

MINE, COLLEAGUES, BEING_READ = 0, 1, 2
PLACES = {
    MINE: "Yours, and those that nobody has yet",
    COLLEAGUES: "With your colleagues; you may decide on these too",
    BEING_READ: "A colleague is looking at these now",
}
SAYS = (
    "First what is yours or has no owner, then what is with colleagues, then what a colleague looks at right now.",
    "Among these, what is due first comes first.",
    f"A red post counts as due {HEAD_START['red']} minutes earlier than it is.",
)
