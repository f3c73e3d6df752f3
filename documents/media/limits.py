"""How large a file may be, asked before anything of it is decoded (facts 2.6)."""

MEGABYTE = 1_000_000
MOST_BYTES = {"image": 20 * MEGABYTE, "pdf": 20 * MEGABYTE, "video": 100 * MEGABYTE}
MOST_UPLOADED = max(MOST_BYTES.values())
MOST_REQUESTED = 5 * MOST_UPLOADED  # of one request with all its files
MOST_PIXELS = 40 * MEGABYTE  # of one frame; by the header
MOST_FRAMES = 500
MOST_PIXELS_MOVING = 150 * MEGABYTE  # of all frames together
MOST_PAGES = 50
LONGEST_VIDEO = 10 * 60  # seconds
LARGEST_VIDEO = 4096  # pixels a side
LONGEST_WORDS = 20_000  # code points, of all the words in a PDF

SMALL, LARGE = 320, 1080  # the longer side of a thumbnail and of a preview, in pixels

SECONDS = {"image": 15, "pdf": 20, "video": 20}  # of processor time
WALL_SECONDS = 45  # the web server waits 60
MEMORY = {"image": 1200 * MEGABYTE, "pdf": 1200 * MEGABYTE, "video": 2000 * MEGABYTE}
